// SPDX-License-Identifier: LGPL-2.1-or-later
// A small application, made to be killed: runs pipelines to their end and says each step at once,
// one line each on standard output.
//
// victim [--barrier FILE] [--fork-at CODE] [--die-at CALL DIRECTORY] PIPELINE...
#include <fcntl.h>
#include <gst/gst.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "support/disk_faults.h"

namespace {

struct Options {
  std::string barrier;  // a file whose lock is waited for before the start
  std::string fork_at;  // the phase in which a child is forked that calls exit()
  std::optional<std::size_t> die_at;
  std::string directory;
  std::vector<std::string> pipelines;
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (word == "--barrier")
      options.barrier = next();
    else if (word == "--fork-at")
      options.fork_at = next();
    else if (word == "--die-at") {
      options.die_at = std::strtoul(next().c_str(), nullptr, 10);
      options.directory = next();
    } else {
      options.pipelines.push_back(word);
    }
  }
  return options;
}

// One write, so that a kill leaves no half of a line.
void say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0)
    _exit(3);
}

void wait_for_barrier(const std::string& path) {
  if (path.empty())
    return;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  say("waiting");
  while (flock(fd, LOCK_SH) != 0 && errno == EINTR) {
  }
  close(fd);
}

std::string describe(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_PROGRESS) {
    GstProgressType type = GST_PROGRESS_TYPE_START;
    g_autofree gchar* code = nullptr;
    gst_message_parse_progress(message, &type, &code, nullptr);
    return std::string(code) + (type == GST_PROGRESS_TYPE_START      ? " START"
                                : type == GST_PROGRESS_TYPE_COMPLETE ? " COMPLETE"
                                                                     : " ...");
  }
  g_autoptr(GError) error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
    return std::string("ERROR ") + error->message;
  }
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning(message, &error, nullptr);
    return std::string("WARNING ") + error->message;
  }
  return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS ? "EOS" : "";
}

// Said from the thread that posts it: a kill can follow at once.
GstBusSyncReply say_message(GstBus*, GstMessage* message, gpointer) {
  if (const auto line = describe(message); !line.empty())
    say(line);
  return GST_BUS_PASS;
}

GstPadProbeReturn say_first_buffer(GstPad*, GstPadProbeInfo*, gpointer) {
  say("first buffer");
  return GST_PAD_PROBE_REMOVE;
}

GstElement* make_pipeline(const std::string& description) {
  g_autoptr(GError) error = nullptr;
  auto* pipeline = gst_parse_launch(description.c_str(), &error);
  if (!pipeline || error) {
    say(std::string("ERROR ") + (error ? error->message : "no pipeline"));
    std::exit(3);
  }
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_bus_set_sync_handler(bus, say_message, nullptr, nullptr);
  if (auto* source = gst_bin_get_by_name(GST_BIN(pipeline), "src")) {
    g_autoptr(GstPad) pad = gst_element_get_static_pad(source, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, say_first_buffer, nullptr, nullptr);
    gst_object_unref(source);
  }
  return pipeline;
}

void fork_a_child_that_exits() {
  const pid_t child = fork();
  if (child == 0)
    std::exit(0);
  int status = 0;
  waitpid(child, &status, 0);
  say("child has exited");
}

bool is_start_of(GstMessage* message, const std::string& code) {
  return !code.empty() && describe(message) == code + " START";
}

// True: to its end.
bool run(GstElement* pipeline, const Options& options) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  for (;;) {
    g_autoptr(GstMessage) message = gst_bus_timed_pop(bus, GST_CLOCK_TIME_NONE);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
      return true;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
      return false;
    if (is_start_of(message, options.fork_at))
      fork_a_child_that_exits();
  }
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const auto options = read_options(argc, argv);
  std::optional<test_support::DiskFaults> faults;
  if (options.die_at)
    faults.emplace(options.directory).die_at(*options.die_at);
  std::vector<GstElement*> pipelines;
  for (const auto& description : options.pipelines)
    pipelines.push_back(make_pipeline(description));
  wait_for_barrier(options.barrier);
  for (auto* pipeline : pipelines)
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
  bool is_good = true;
  for (auto* pipeline : pipelines)
    is_good = run(pipeline, options) && is_good;
  for (auto* pipeline : pipelines) {
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
  say("end of main");
  return is_good ? 0 : 2;
}
