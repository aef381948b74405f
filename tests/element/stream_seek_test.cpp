// SPDX-License-Identifier: LGPL-2.1-or-later
// Seeking as in a local file: whatever is done to the stream is done to filesrc as well, and what
// comes out is compared.
#include <gst/app/gstappsink.h>

#include <cstdlib>
#include <random>

#include "stream_test.h"

namespace test_support {
namespace {

struct TimeSeek {
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  GstClockTime start = 0;
  GstClockTime stop = GST_CLOCK_TIME_NONE;
  double rate = 1.0;
};

bool seek(Pipeline& pipeline, const TimeSeek& to, bool is_flushing = true) {
  const auto flags = static_cast<GstSeekFlags>(to.flags | (is_flushing ? GST_SEEK_FLAG_FLUSH : 0));
  const auto stop_type = GST_CLOCK_TIME_IS_VALID(to.stop) ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE;
  return gst_element_seek(pipeline.get(), to.rate, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
                          static_cast<gint64>(to.start), stop_type, static_cast<gint64>(to.stop));
}

bool has_prerolled(Pipeline& pipeline) {
  const auto* end =
      pipeline.wait_for(static_cast<GstMessageType>(GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ERROR));
  return end && GST_MESSAGE_TYPE(end) == GST_MESSAGE_ASYNC_DONE;
}

FrameSum shown(Pipeline& pipeline) {
  auto* sample = gst_app_sink_try_pull_preroll(GST_APP_SINK(pipeline.element("video")),
                                               patience.count() * GST_SECOND);
  if (!sample)
    return {};
  const auto frame = sum_of(sample);
  gst_sample_unref(sample);
  return frame;
}

// The frame that each seek shows in a paused pipeline.
std::vector<FrameSum> frames_shown(const std::string& description,
                                   const std::vector<TimeSeek>& seeks) {
  Pipeline pipeline(description);
  pipeline.set_state(GST_STATE_PAUSED);
  EXPECT_TRUE(has_prerolled(pipeline));
  std::vector<FrameSum> frames = {shown(pipeline)};
  for (const auto& to : seeks) {
    EXPECT_TRUE(seek(pipeline, to)) << to.start;
    EXPECT_TRUE(has_prerolled(pipeline));
    frames.push_back(shown(pipeline));
    if (::testing::Test::HasFailure())
      break;
  }
  return frames;
}

constexpr GstClockTime clip_length = 2 * GST_SECOND;

GstClockTime at(double seconds) {
  return static_cast<GstClockTime>(seconds * GST_SECOND);
}

// 60 in the default run; MODELVERSE_TEST_SEEKS says how many otherwise.
std::vector<TimeSeek> random_seeks(unsigned seed) {
  constexpr GstSeekFlags kinds[] = {
      GST_SEEK_FLAG_ACCURATE, GST_SEEK_FLAG_KEY_UNIT,
      static_cast<GstSeekFlags>(GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_BEFORE),
      static_cast<GstSeekFlags>(GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_AFTER),
      static_cast<GstSeekFlags>(GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_NEAREST)};
  const char* wanted = std::getenv("MODELVERSE_TEST_SEEKS");
  std::mt19937 random(seed);
  std::vector<TimeSeek> seeks(wanted ? std::strtoul(wanted, nullptr, 10) : 15);
  for (auto& to : seeks) {
    to.flags = kinds[random() % std::size(kinds)];
    to.start = random() % (clip_length - GST_SECOND / 10);
  }
  return seeks;
}

class StreamSeek : public StreamTest {
 protected:
  // The whole of the test: `what` of the stream, and of the file.
  template <typename What>
  void expect_as_from_file(const std::string& name, const std::string& between, What what) {
    const auto file = stream_clip(name);
    const std::string rest =
        " ! " + between + "qtdemux ! h264parse ! avdec_h264 ! appsink name=video sync=false";
    const std::vector<FrameSum> expected = what("filesrc location=" + file + rest);
    EXPECT_GT(expected.size(), 1u);
    serve(file);
    // The first seeks meet a clip that is still on its way.
    emulator().play(R"({"rules":[{"route":"result","bytes_per_second":600000,"times":0}]})");
    EXPECT_EQ(what(fresh_source() + rest), expected);
    EXPECT_EQ(emulator().downloads(), 1u);
  }
};

struct Where {
  const char* clip;
  bool is_pushed = false;
};
void PrintTo(const Where& where, std::ostream* out) {
  *out << where.clip << (where.is_pushed ? ", pushed" : ", pulled");
}
class RandomSeeks : public StreamSeek, public ::testing::WithParamInterface<Where> {};

TEST_P(RandomSeeks, show_the_frames_that_filesrc_shows) {
  const auto seeks = random_seeks(GetParam().is_pushed ? 7 : 11);
  expect_as_from_file(GetParam().clip, GetParam().is_pushed ? "queue ! " : "",
                      [&](const std::string& text) { return frames_shown(text, seeks); });
}
INSTANTIATE_TEST_SUITE_P(Kinds, RandomSeeks,
                         ::testing::Values(Where{"h264-first-sound"},
                                           Where{"h264-first-sound", true},
                                           Where{"h264-last-silent"},
                                           Where{"h264-last-silent", true}));

// A finger on the slider: no seek waits for the one before it.
TEST_F(StreamSeek, scrubbing_ends_at_the_frame_where_it_stops) {
  expect_as_from_file("h264-first-sound", "", [](const std::string& text) {
    Pipeline pipeline(text);
    pipeline.set_state(GST_STATE_PAUSED);
    EXPECT_TRUE(has_prerolled(pipeline));
    for (int step = 0; step < 100; ++step)
      EXPECT_TRUE(seek(pipeline, {.flags = GST_SEEK_FLAG_KEY_UNIT, .start = at(0.017 * step)}));
    EXPECT_TRUE(seek(pipeline, {.flags = GST_SEEK_FLAG_ACCURATE, .start = at(1.3)}));
    gst_element_get_state(pipeline.get(), nullptr, nullptr, patience.count() * GST_SECOND);
    return std::vector<FrameSum>{{}, shown(pipeline)};
  });
}

}  // namespace
}  // namespace test_support
