// SPDX-License-Identifier: LGPL-2.1-or-later
// Many elements in one process, each with a request of its own and a picture of 3 MB: threads,
// descriptors and memory while they wait, the processor while they poll every 5 s, the time of
// set_state(NULL), the memory at EOS. For comparison, as many pipelines that wait for an appsrc.
//
// many_bench [NUMBER]    (100)
#include <gst/gst.h>
#include <malloc.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "elements.h"
#include "record.h"
#include "support/emulator_process.h"
#include "support/scratch_directory.h"
#include "support/timing.h"

namespace {

using test_support::ended;
using test_support::failed;
using test_support::wait_until;
using Time = std::chrono::steady_clock;

double seconds_since(Time::time_point begun) {
  return std::chrono::duration<double>(Time::now() - begun).count();
}

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

using Elements = std::vector<test_support::PipelinePtr>;

Elements start(int number, const std::string& directory, const std::string& base_url) {
  Elements pipelines;
  for (int i = 0; i < number; ++i)
    pipelines.push_back(test_support::play(
        "modelversesrc name=source poll-interval=5000 api-key=any prompt=many image-fit=none "
        "take=" +
        std::to_string(i) + " image-path=" + directory + "/picture.jpg cache-dir=" + directory +
        "/cache base-url=" + base_url + " ! fakesink"));
  return pipelines;
}

void stop(const char* when, Elements& pipelines, std::size_t number) {
  std::vector<test_support::Milliseconds> times;
  for (std::size_t i = 0; i < number; ++i)
    times.push_back(
        test_support::time_of([&] { gst_element_set_state(pipelines[i].get(), GST_STATE_NULL); }));
  pipelines.erase(pipelines.begin(), pipelines.begin() + static_cast<std::ptrdiff_t>(number));
  const double median = test_support::percentile(times, 0.5).count();
  const double late = test_support::percentile(times, 0.99).count();
  const double worst = test_support::percentile(times, 1).count();
  std::printf("set_state(NULL) %-8s %8.2f ms (median), %.2f (99th percentile), %.2f (worst)\n",
              when, median, late, worst);
  test_support::record(std::string("\"bench\": \"many\", \"name\": \"NULL ") + when +
                       "\", \"elements\": " + std::to_string(number) +
                       ", \"ms\": " + std::to_string(late));
}

void compare(int number, const Process& before) {
  Elements pipelines;
  for (int i = 0; i < number; ++i)
    pipelines.push_back(test_support::play("appsrc ! fakesink"));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  show("appsrc", number, look(), before);
  stop("appsrc", pipelines, pipelines.size());
  malloc_trim(0);
}

// The processor while nothing happens but polls, in parts of a core.
void watch(int number) {
  const auto begun = Time::now();
  const auto before = look();
  std::this_thread::sleep_for(std::chrono::seconds(20));
  const double load = (look().processor - before.processor) / seconds_since(begun);
  std::printf("%-24s %8.2f %% of a core\n", "polls", 100 * load);
  test_support::record("\"bench\": \"many\", \"name\": \"polls\", \"elements\": " +
                       std::to_string(number) + ", \"load\": " + std::to_string(load));
}

bool run(int number, const Process& before) {
  const test_support::ScratchDirectory directory;
  write_picture(directory.path() + "/picture.jpg");
  const test_support::EmulatorProcess emulator(
      {"--generation-time", "1", "--clip", std::getenv("MODELVERSE_TEST_CLIP")});
  emulator.play(R"({"rules":[{"route":"status","task_status":"Running","times":0}]})");
  const auto begun = Time::now();
  auto pipelines = start(number, directory.path(), emulator.base_url());
  std::printf("%-24s %8.2f s\n", "set_state(PLAYING)", seconds_since(begun));
  std::size_t waiting = 0;
  const auto are_waiting = [&] {
    while (waiting < pipelines.size() && test_support::polls_of(pipelines[waiting]) > 0)
      ++waiting;
    return waiting == pipelines.size() || failed > 0;
  };
  if (!wait_until(are_waiting, std::chrono::seconds(600)) || ended + failed > 0)
    return false;
  std::printf("%-24s %8.2f s\n", "until all wait", seconds_since(begun));
  show("waiting", number, look(), before);
  watch(number);
  show("waiting, later", number, look(), before);
  malloc_trim(0);
  show("waiting, trimmed", number, look(), before);
  stop("waiting", pipelines, static_cast<std::size_t>(number) / 4);
  emulator.play(R"({"rules":[]})");
  const int left = static_cast<int>(pipelines.size());
  const auto have_ended = [&] { return ended == left || failed > 0; };
  const bool is_good = wait_until(have_ended, std::chrono::seconds(900)) && failed == 0;
  show("EOS", left, look(), before);
  malloc_trim(0);
  show("EOS, trimmed", left, look(), before);
  stop("EOS", pipelines, pipelines.size());
  return is_good;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  int number = argc > 1 ? std::atoi(argv[1]) : 100;
  // As root, 2,000 elements as well.
  const auto files = static_cast<int>(test_support::raise_descriptors(65536));
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  // The others would wait for their turn (job_gate()).
  constexpr int most_of_an_element = 12;
  if (const int most = files / most_of_an_element; number > most) {
    std::printf("%d descriptors do for %d elements only\n", files, most);
    number = most;
  }
  std::printf("%d elements\n", number);
  // Their threads remain for a while, and are used again.
  const auto before = look();
  compare(number, before);
  const bool is_good = run(number, before);
  // Without the checks of pipelines that are still playing.
  if (!is_good)
    std::_Exit(1);
  return 0;
}
