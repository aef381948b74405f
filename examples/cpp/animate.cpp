// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a clip from a picture and a prompt, with a progress bar. Ctrl-C does not cancel the task at
// the service: the same command resumes it later, and nothing is paid twice.
//
// Usage: animate PICTURE "PROMPT" CLIP.mp4
#include <glib-unix.h>
#include <gst/gst.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace {

template <auto free>
struct Freer {
  template <typename T>
  void operator()(T* thing) const {
    free(thing);
  }
};
using Element = std::unique_ptr<GstElement, Freer<gst_object_unref>>;
using Bus = std::unique_ptr<GstBus, Freer<gst_object_unref>>;
using Loop = std::unique_ptr<GMainLoop, Freer<g_main_loop_unref>>;
using Error = std::unique_ptr<GError, Freer<g_error_free>>;

enum class End { complete = 0, failed = 1, interrupted = 130 };

class Animation {
 public:
  Animation(const char* picture, const char* prompt, std::string path)
      : path_(std::move(path)), part_(path_ + ".part") {
    source_ = gst_element_factory_make("modelversesrc", nullptr);
    auto* sink = gst_element_factory_make("filesink", nullptr);
    if (!source_ || !sink)
      return;
    // The environment has the key and, for the emulator, the address of the service.
    g_object_set(source_, "image-path", picture, "prompt", prompt, nullptr);
    g_object_set(sink, "location", part_.c_str(), nullptr);
    gst_bin_add_many(GST_BIN(pipeline_.get()), source_, sink, nullptr);
    is_ready_ = gst_element_link(source_, sink);
  }
  bool is_ready() const { return is_ready_; }

  End run() {
    const Bus bus(gst_element_get_bus(pipeline_.get()));
    const auto watch = gst_bus_add_watch(bus.get(), on_message, this);
    const auto interrupt = g_unix_signal_add(SIGINT, on_interrupt, this);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    g_main_loop_run(loop_.get());
    // Returns at once in every phase.
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    g_source_remove(watch);
    if (end_ != End::interrupted)
      g_source_remove(interrupt);
    finish();
    return end_;
  }

 private:
  static gboolean on_message(GstBus*, GstMessage* message, gpointer data) {
    auto& self = *static_cast<Animation*>(data);
    switch (GST_MESSAGE_TYPE(message)) {
      case GST_MESSAGE_PROGRESS:
        self.show_progress(message);
        break;
      case GST_MESSAGE_ERROR:
        self.show_error(message);
        self.quit(End::failed);
        break;
      case GST_MESSAGE_EOS:
        self.quit(End::complete);
        break;
      default:
        break;
    }
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_interrupt(gpointer data) {
    static_cast<Animation*>(data)->quit(End::interrupted);
    return G_SOURCE_REMOVE;
  }

  void quit(End end) {
    end_ = end;
    g_main_loop_quit(loop_.get());
  }

  void show_progress(GstMessage* message) {
    gchar* text = nullptr;
    gint percent = 0;
    gst_message_parse_progress(message, nullptr, nullptr, &text);
    gst_structure_get_int(gst_message_get_structure(message), "percent", &percent);
    constexpr int width = 30;
    const auto done = static_cast<std::size_t>(percent * width / 100);
    const auto bar = std::string(done, '#') + std::string(width - done, '.');
    // On a terminal each line overwrites the previous one.
    std::printf("%s[%s] %3d %%  %s%s", is_terminal_ ? "\r\033[K" : "", bar.c_str(), percent, text,
                is_terminal_ ? "" : "\n");
    std::fflush(stdout);
    g_free(text);
  }

  void show_error(GstMessage* message) {
    GError* raw = nullptr;
    const GstStructure* details = nullptr;
    gst_message_parse_error(message, &raw, nullptr);
    gst_message_parse_error_details(message, &details);
    const Error error(raw);
    std::fprintf(stderr, "\n%s\n", error->message);
    // The task may still finish: set this property to resume it.
    if (const char* resume = details ? gst_structure_get_string(details, "resume") : nullptr)
      std::fprintf(stderr, "To resume it: modelversesrc %s\n", resume);
  }

  void finish() {
    std::error_code problem;
    if (end_ == End::complete)
      std::filesystem::rename(part_, path_, problem);
    else
      std::filesystem::remove(part_, problem);
    if (end_ == End::complete)
      std::printf("%s%s\n", is_terminal_ ? "\r\033[K" : "",
                  problem ? problem.message().c_str() : path_.c_str());
    else if (end_ == End::interrupted)
      std::printf("\nThe task continues at the service. The same command resumes it.\n");
  }

  std::string path_;
  std::string part_;
  Element pipeline_{GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)))};
  Loop loop_{g_main_loop_new(nullptr, FALSE)};
  GstElement* source_ = nullptr;  // the pipeline's
  bool is_ready_ = false;
  bool is_terminal_ = isatty(STDOUT_FILENO) != 0;
  End end_ = End::failed;
};

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");  // for messages in the user's language
  gst_init(&argc, &argv);
  if (argc != 4) {
    std::fprintf(stderr, "Usage: %s PICTURE \"PROMPT\" CLIP.mp4\n", argv[0]);
    return 2;
  }
  Animation animation(argv[1], argv[2], argv[3]);
  if (!animation.is_ready()) {
    std::fprintf(stderr, "GStreamer does not find modelversesrc: see GST_PLUGIN_PATH.\n");
    return 2;
  }
  return static_cast<int>(animation.run());
}
