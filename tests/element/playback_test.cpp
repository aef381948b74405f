// SPDX-License-Identifier: LGPL-2.1-or-later
// Players show every frame of a clip that arrives slower than it is shown, and announce the pauses.
#include <utility>

#include "stream_test.h"

namespace test_support {
namespace {

// Two seconds at 2.4 Mbit/s.
constexpr const char* clip = "h264-first-sound";
constexpr int all_frames = 60;

struct Played {
  int shown = 0;
  int buffering_messages = 0;
  int pauses = 0;
  gint64 duration = -1;  // ns, with the first frame
  bool has_queue2 = false;
  bool reached_eos = false;
};

bool has_queue2(GstElement* player) {
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(player), "queue2");
  GValue found = G_VALUE_INIT;
  const bool is_found = gst_iterator_next(all, &found) == GST_ITERATOR_OK;
  if (is_found)
    g_value_unset(&found);
  gst_iterator_free(all);
  return is_found;
}

// As an application that follows GStreamer's documentation on buffering.
class Player {
 public:
  // Shows each frame as soon as it comes, on a machine of any speed. Small buffers for a small
  // clip.
  Player(const std::string& name, const std::string& uri)
      : pipeline_(name + " uri=\"" + uri +
                  "\" buffer-duration=500000000 buffer-size=150000 "
                  "audio-sink=\"fakesink\" video-sink=\"fakevideosink sync=false\"") {
    g_object_get(pipeline_.get(), "video-sink", &sink_, nullptr);
    auto* child = GST_ELEMENT(GST_BIN(sink_)->children->data);
    g_object_set(child, "signal-handoffs", TRUE, nullptr);
    g_signal_connect(child, "handoff", G_CALLBACK(count_frame), this);
  }
  ~Player() { gst_object_unref(sink_); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  Pipeline& pipeline() { return pipeline_; }

  void preroll() {
    pipeline_.set_state(GST_STATE_PAUSED);
    pipeline_.wait_for([&](GstMessage* message) {
      follow(message);
      return GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE;
    });
    gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &played_.duration);
    played_.has_queue2 = has_queue2(pipeline_.get());
  }

  Played play() {
    preroll();
    is_playing_ = true;
    if (!is_buffering_)
      pipeline_.set_state(GST_STATE_PLAYING);
    pipeline_.wait_for([&](GstMessage* message) {
      follow(message);
      played_.reached_eos = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
      return played_.reached_eos || GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
    });
    pipeline_.set_state(GST_STATE_NULL);
    return played_;
  }

 private:
  static void count_frame(GstElement*, GstBuffer*, GstPad*, gpointer player) {
    ++static_cast<Player*>(player)->played_.shown;
  }

  void follow(GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_BUFFERING)
      return;
    ++played_.buffering_messages;
    gint percent = 0;
    gst_message_parse_buffering(message, &percent);
    const bool was_buffering = std::exchange(is_buffering_, percent < 100);
    if (was_buffering == is_buffering_)
      return;
    played_.pauses += is_buffering_;
    if (is_playing_)
      pipeline_.set_state(is_buffering_ ? GST_STATE_PAUSED : GST_STATE_PLAYING);
  }

  Pipeline pipeline_;
  GstElement* sink_ = nullptr;
  Played played_;
  bool is_buffering_ = false;
  bool is_playing_ = false;
};

class Playback : public StreamTest, public ::testing::WithParamInterface<std::string> {
 protected:
  // A URI has no cache directory, and the cache is looked at before an application sees the source.
  void SetUp() override {
    StreamTest::SetUp();
    serve(stream_clip(clip));
    g_setenv("MODELVERSE_BASE_URL", emulator().base_url().c_str(), TRUE);
    g_setenv("MODELVERSE_CACHE_DIR", cache_dir().c_str(), TRUE);
  }
  void TearDown() override {
    StreamTest::TearDown();
    g_unsetenv("MODELVERSE_BASE_URL");
    g_unsetenv("MODELVERSE_CACHE_DIR");
  }
  static std::string uri() { return "modelverse://" + picture() + "?prompt=a%20test"; }
};

TEST_P(Playback, shows_every_frame_with_announced_pauses_on_a_slow_link) {
  emulator().play(R"({"rules":[{"route":"result","times":0,"bytes_per_second":120000}]})");
  const auto played = Player(GetParam(), uri()).play();
  EXPECT_TRUE(played.reached_eos);
  EXPECT_EQ(played.shown, all_frames);
  EXPECT_GE(played.pauses, 1);
  EXPECT_NEAR(static_cast<double>(played.duration) / GST_SECOND, 2, 0.1);
}

TEST_P(Playback, plays_a_kept_clip_as_a_local_file) {
  {
    Pipeline first(source("prompt=\"a test\"") + " ! fakesink");
    EXPECT_TRUE(first.run());
  }
  {
    Player player(GetParam(), uri());
    player.preroll();
    EXPECT_TRUE(gst_element_seek_simple(player.pipeline().get(), GST_FORMAT_TIME,
                                        GST_SEEK_FLAG_FLUSH, GST_SECOND));
    player.pipeline().wait_for(GST_MESSAGE_ASYNC_DONE);
    gint64 position = 0;
    EXPECT_TRUE(gst_element_query_position(player.pipeline().get(), GST_FORMAT_TIME, &position));
    EXPECT_GE(position, static_cast<gint64>(GST_SECOND));
  }
  const auto played = Player(GetParam(), uri()).play();
  EXPECT_TRUE(played.reached_eos);
  EXPECT_EQ(played.shown, all_frames);
  EXPECT_EQ(played.buffering_messages, 0);
  EXPECT_FALSE(played.has_queue2);
  EXPECT_EQ(emulator().submits(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Players, Playback, ::testing::Values("playbin", "playbin3"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace test_support
