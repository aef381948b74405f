// SPDX-License-Identifier: LGPL-2.1-or-later
// Many elements in one process, each with a request of its own and a picture of 3 MB: threads,
// descriptors and memory while they wait, the processor until then, the memory at EOS.
//
// many_bench [NUMBER]    (100)
#include <gst/gst.h>
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "glib/handles.h"
#include "record.h"
#include "support/emulator_process.h"
#include "support/scratch_directory.h"

namespace {

using test_support::wait_until;

struct Process {
  double mebibytes = 0;
  std::ptrdiff_t threads = 0;
  std::ptrdiff_t descriptors = 0;
  double processor = 0;  // s
};

std::ptrdiff_t entries(const char* directory) {
  using Iterator = std::filesystem::directory_iterator;
  return std::distance(Iterator(directory), Iterator());
}

Process look() {
  std::size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) { return time.tv_sec + 1e-6 * time.tv_usec; };
  return {static_cast<double>(resident) * 4096 / (1 << 20), entries("/proc/self/task"),
          entries("/proc/self/fd"), seconds(used.ru_utime) + seconds(used.ru_stime)};
}

void show(const std::string& moment, int number, const Process& now, const Process& before) {
  std::printf("%-24s %8.1f KiB, %.2f threads, %.2f descriptors each; %.2f s of the processor\n",
              moment.c_str(), 1024 * (now.mebibytes - before.mebibytes) / number,
              static_cast<double>(now.threads - before.threads) / number,
              static_cast<double>(now.descriptors - before.descriptors) / number,
              now.processor - before.processor);
  test_support::record(
      "\"bench\": \"many\", \"name\": \"" + moment + "\", \"elements\": " + std::to_string(number) +
      ", \"kib\": " + std::to_string(1024 * (now.mebibytes - before.mebibytes) / number) +
      ", \"cpu\": " + std::to_string(now.processor - before.processor));
}

// The sample picture with three megabytes of comments.
void write_picture(const std::string& path) {
  std::ifstream file(std::getenv("MODELVERSE_TEST_PICTURE"), std::ios::binary);
  const std::string sample(std::istreambuf_iterator<char>(file), {});
  std::ofstream picture(path, std::ios::binary);
  picture << sample.substr(0, 2);
  const std::string comment = std::string("\xff\xfe\xff\xff", 4) + std::string(65533, 'x');
  for (int i = 0; i < 46; ++i)
    picture << comment;
  picture << sample.substr(2);
}

using Elements = std::vector<modelverse::ObjectPtr<GstElement>>;

Elements start(int number, const std::string& directory, const std::string& base_url) {
  Elements pipelines;
  for (int i = 0; i < number; ++i) {
    const auto text =
        "modelversesrc api-key=any prompt=many image-fit=none take=" + std::to_string(i) +
        " image-path=" + directory + "/picture.jpg cache-dir=" + directory +
        "/cache base-url=" + base_url + " ! fakesink";
    auto* pipeline = gst_parse_launch(text.c_str(), nullptr);
    pipelines.push_back(
        modelverse::ObjectPtr<GstElement>::adopt(GST_ELEMENT(gst_object_ref_sink(pipeline))));
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
  }
  return pipelines;
}

bool wait_for_end(const Elements& pipelines) {
  bool is_good = true;
  for (const auto& pipeline : pipelines) {
    auto* bus = gst_element_get_bus(pipeline.get());
    auto* message = gst_bus_timed_pop_filtered(
        bus, 600 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    is_good = is_good && message && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
    gst_clear_message(&message);
    gst_object_unref(bus);
  }
  return is_good;
}

bool run(int number) {
  const test_support::ScratchDirectory directory;
  write_picture(directory.path() + "/picture.jpg");
  const test_support::EmulatorProcess emulator({"--generation-time", number < 500 ? "20" : "60",
                                                "--clip", std::getenv("MODELVERSE_TEST_CLIP")});
  const auto before = look();
  const auto pipelines = start(number, directory.path(), emulator.base_url());
  const auto is_submitted = [&] {
    return emulator.submits() >= static_cast<std::size_t>(number) &&
           emulator.polls() >= static_cast<std::size_t>(number);
  };
  if (!wait_until(is_submitted, std::chrono::seconds(300)))
    return false;
  show("waiting", number, look(), before);
  malloc_trim(0);
  show("waiting, trimmed", number, look(), before);
  const bool is_good = wait_for_end(pipelines);
  show("EOS", number, look(), before);
  malloc_trim(0);
  show("EOS, trimmed", number, look(), before);
  for (const auto& pipeline : pipelines)
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return is_good;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const int number = argc > 1 ? std::atoi(argv[1]) : 100;
  rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  std::printf("%d elements\n", number);
  return run(number) ? 0 : 1;
}
