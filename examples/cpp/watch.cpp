// SPDX-License-Identifier: LGPL-2.1-or-later
// Plays a clip while it arrives, in a pipeline of its own: playbin does the same by itself. Plays
// when the rest arrives sooner than it is needed, and pauses when the link becomes too slow.
//
// Usage: watch PICTURE "PROMPT" [VIDEOSINK AUDIOSINK]
#include <gst/gst.h>

#include <clocale>
#include <cstdio>
#include <string>

namespace {

constexpr guint look_every = 100;  // ms
// Wait for a little more than is needed: the rate of a link varies.
constexpr double reserve = 1.1;

struct Arrival {
  bool is_complete = false;
  gint percent = 0;
  gint64 to_go = -1;  // ms; -1: unknown
};

class Player {
 public:
  explicit Player(const std::string& sinks) {
    pipeline_ =
        gst_parse_launch(("modelversesrc name=src ! decodebin3 name=d " + sinks).c_str(), nullptr);
    if (pipeline_)
      source_ = gst_bin_get_by_name(GST_BIN(pipeline_), "src");
  }
  ~Player() {
    gst_clear_object(&source_);
    gst_clear_object(&pipeline_);
    g_main_loop_unref(loop_);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  bool is_ready() const { return source_ != nullptr; }

  bool play(const char* picture, const char* prompt) {
    g_object_set(source_, "image-path", picture, "prompt", prompt, nullptr);
    auto* bus = gst_element_get_bus(pipeline_);
    const auto watch = gst_bus_add_watch(bus, on_message, this);
    const auto timer = g_timeout_add(look_every, on_time, this);
    gst_element_set_state(pipeline_, GST_STATE_PAUSED);
    g_main_loop_run(loop_);
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    g_source_remove(timer);
    g_source_remove(watch);
    gst_object_unref(bus);
    return has_played_;
  }

 private:
  static gboolean on_message(GstBus*, GstMessage* message, gpointer data) {
    auto& self = *static_cast<Player*>(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE)
      self.has_first_frame_ = true;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError* error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      std::fprintf(stderr, "%s\n", error->message);
      g_error_free(error);
      g_main_loop_quit(self.loop_);
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
      self.has_played_ = true;
      g_main_loop_quit(self.loop_);
    }
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_time(gpointer data) {
    static_cast<Player*>(data)->look();
    return G_SOURCE_CONTINUE;
  }

  void look() {
    if (!has_first_frame_)
      return;
    const auto arrival = ask_source();
    const auto left = time_left();
    const bool is_known = arrival.to_go >= 0 && left >= 0;
    const auto to_go = static_cast<double>(arrival.to_go) * (is_playing_ ? 1 : reserve);
    const bool can_play = arrival.is_complete || (is_known && to_go < static_cast<double>(left));
    if (can_play == is_playing_)
      return;
    is_playing_ = can_play;
    std::printf("%s at %d %% of the clip\n", can_play ? "Playing" : "Paused", arrival.percent);
    std::fflush(stdout);
    gst_element_set_state(pipeline_, can_play ? GST_STATE_PLAYING : GST_STATE_PAUSED);
  }

  // In bytes, of the source: a queue of the pipeline would speak of itself.
  Arrival ask_source() const {
    Arrival arrival;
    auto* query = gst_query_new_buffering(GST_FORMAT_BYTES);
    if (gst_element_query(source_, query)) {
      gboolean is_busy = TRUE;
      gst_query_parse_buffering_percent(query, &is_busy, &arrival.percent);
      arrival.is_complete = !is_busy;
      gst_query_parse_buffering_range(query, nullptr, nullptr, nullptr, &arrival.to_go);
    }
    gst_query_unref(query);
    return arrival;
  }

  // ms; -1: unknown.
  gint64 time_left() const {
    gint64 duration = -1;
    gint64 position = 0;
    gst_element_query_duration(pipeline_, GST_FORMAT_TIME, &duration);
    gst_element_query_position(pipeline_, GST_FORMAT_TIME, &position);
    return duration < 0 ? -1 : (duration - position) / static_cast<gint64>(GST_MSECOND);
  }

  GMainLoop* loop_ = g_main_loop_new(nullptr, FALSE);
  GstElement* pipeline_ = nullptr;
  GstElement* source_ = nullptr;
  bool has_first_frame_ = false;
  bool is_playing_ = false;
  bool has_played_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");  // for messages in the user's language
  gst_init(&argc, &argv);
  if (argc != 3 && argc != 5) {
    std::fprintf(stderr, "Usage: %s PICTURE \"PROMPT\" [VIDEOSINK AUDIOSINK]\n", argv[0]);
    return 2;
  }
  const std::string video = argc == 5 ? argv[3] : "autovideosink";
  const std::string audio = argc == 5 ? argv[4] : "autoaudiosink";
  Player player("d. ! queue ! videoconvert ! " + video + " d. ! queue ! audioconvert ! " +
                "audioresample ! " + audio);
  if (!player.is_ready()) {
    std::fprintf(stderr, "GStreamer does not find modelversesrc: see GST_PLUGIN_PATH.\n");
    return 2;
  }
  return player.play(argv[1], argv[2]) ? 0 : 1;
}
