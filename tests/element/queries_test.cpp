// SPDX-License-Identifier: LGPL-2.1-or-later
// What the source pad answers: nothing while the clip is made, the truth while it arrives, and the
// whole of it when it is in the cache.
#include <memory>

#include "stream_test.h"

namespace test_support {
namespace {

struct QueryFreer {
  void operator()(GstQuery* query) const { gst_query_unref(query); }
};
using QueryPtr = std::unique_ptr<GstQuery, QueryFreer>;

struct Seeking {
  gboolean is_seekable = FALSE;
  gint64 start = 0;
  gint64 stop = 0;
};

struct Buffering {
  bool is_answered = false;
  gboolean is_busy = FALSE;
  int percent = 0;
  GstBufferingMode mode = GST_BUFFERING_STREAM;
  int average_in = 0;
  gint64 milliseconds_left = 0;
  gint64 stop = 0;
  gint64 estimated_total = 0;
  guint ranges = 0;
};

class Queries : public StreamTest {
 protected:
  static constexpr const char* clip = "h264-first-sound";
  static constexpr std::uint64_t part = 200'000;

  // The server sends a part of the clip and falls silent.
  void serve_part() {
    serve(stream_clip(clip));
    emulator().play(R"({"rules":[{"route":"result","times":0,"stall_after":)" +
                    std::to_string(part) + "}]}");
  }
  void serve_whole() { serve(stream_clip(clip)); }
  gint64 clip_size() { return static_cast<gint64>(file_content(stream_clip(clip)).size()); }

  static bool is_limited(GstElement* source) {
    const QueryPtr query(gst_query_new_scheduling());
    EXPECT_TRUE(gst_element_query(source, query.get()));
    for (const auto mode : {GST_PAD_MODE_PULL, GST_PAD_MODE_PUSH})
      EXPECT_TRUE(gst_query_has_scheduling_mode_with_flags(query.get(), mode,
                                                           GST_SCHEDULING_FLAG_SEEKABLE));
    GstSchedulingFlags flags = GST_SCHEDULING_FLAG_SEQUENTIAL;
    gst_query_parse_scheduling(query.get(), &flags, nullptr, nullptr, nullptr);
    return flags & GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED;
  }

  static Seeking seeking(GstElement* source) {
    const QueryPtr query(gst_query_new_seeking(GST_FORMAT_BYTES));
    EXPECT_TRUE(gst_element_query(source, query.get()));
    Seeking seen;
    gst_query_parse_seeking(query.get(), nullptr, &seen.is_seekable, &seen.start, &seen.stop);
    return seen;
  }

  static Buffering buffering(GstElement* source, GstFormat format) {
    const QueryPtr query(gst_query_new_buffering(format));
    Buffering seen;
    seen.is_answered = gst_element_query(source, query.get());
    gst_query_parse_buffering_percent(query.get(), &seen.is_busy, &seen.percent);
    gst_query_parse_buffering_stats(query.get(), &seen.mode, &seen.average_in, nullptr,
                                    &seen.milliseconds_left);
    gst_query_parse_buffering_range(query.get(), nullptr, nullptr, &seen.stop,
                                    &seen.estimated_total);
    seen.ranges = gst_query_get_n_buffering_ranges(query.get());
    return seen;
  }

  static gint64 byte_duration(GstElement* source) {
    gint64 size = 0;
    EXPECT_TRUE(gst_element_query_duration(source, GST_FORMAT_BYTES, &size));
    return size;
  }
};

TEST_F(Queries, are_answered_while_the_clip_is_made) {
  start_emulator({"--generation-time", "1000"});
  Pipeline pipeline(source() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  auto* src = pipeline.source();
  EXPECT_TRUE(is_limited(src));
  EXPECT_TRUE(seeking(src).is_seekable);
  EXPECT_EQ(seeking(src).stop, -1);
  EXPECT_EQ(byte_duration(src), -1);
  const auto bytes = buffering(src, GST_FORMAT_BYTES);
  EXPECT_TRUE(bytes.is_answered && bytes.is_busy);
  EXPECT_EQ(bytes.percent, 0);
  EXPECT_EQ(bytes.stop, 0);
  EXPECT_EQ(bytes.ranges, 0u);
  EXPECT_EQ(bytes.estimated_total, -1);
  EXPECT_EQ(buffering(src, GST_FORMAT_PERCENT).stop, 0);
  const QueryPtr latency(gst_query_new_latency());
  EXPECT_TRUE(gst_element_query(src, latency.get()));
  gboolean is_live = TRUE;
  GstClockTime least = 1;
  gst_query_parse_latency(latency.get(), &is_live, &least, nullptr);
  EXPECT_FALSE(is_live);
  EXPECT_EQ(least, 0u);
}

TEST_F(Queries, buffering_says_how_much_is_here_and_how_long_the_rest_takes) {
  serve_part();
  Pipeline pipeline(fresh_source() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  auto* src = pipeline.source();
  ASSERT_TRUE(wait_until(
      [&] { return buffering(src, GST_FORMAT_BYTES).stop == static_cast<gint64>(part); }));
  const auto bytes = buffering(src, GST_FORMAT_BYTES);
  EXPECT_TRUE(bytes.is_busy);
  EXPECT_EQ(bytes.mode, GST_BUFFERING_DOWNLOAD);
  EXPECT_EQ(bytes.percent, static_cast<int>(100 * part / static_cast<guint64>(clip_size())));
  EXPECT_EQ(bytes.ranges, 1u);
  const auto percent = buffering(src, GST_FORMAT_PERCENT);
  EXPECT_EQ(percent.stop / GST_FORMAT_PERCENT_SCALE, bytes.percent);
  EXPECT_FALSE(buffering(src, GST_FORMAT_TIME).is_answered);
  EXPECT_TRUE(is_limited(src));
}

TEST_F(Queries, buffering_of_a_clip_that_is_here_is_over) {
  serve_whole();
  Pipeline pipeline(source() + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  const auto bytes = buffering(pipeline.source(), GST_FORMAT_BYTES);
  EXPECT_FALSE(bytes.is_busy);
  EXPECT_EQ(bytes.percent, 100);
  EXPECT_EQ(bytes.stop, clip_size());
  EXPECT_EQ(bytes.milliseconds_left, 0);
}

TEST_F(Queries, the_time_to_go_follows_the_link) {
  serve(stream_clip(clip));
  emulator().play(R"({"rules":[{"route":"result","times":0,"bytes_per_second":100000}]})");
  Pipeline pipeline(fresh_source() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  auto* src = pipeline.source();
  Buffering seen;
  ASSERT_TRUE(wait_until([&] {
    seen = buffering(src, GST_FORMAT_BYTES);
    return seen.stop > static_cast<gint64>(part);
  }));
  EXPECT_NEAR(seen.average_in, 100'000, 40'000);
  EXPECT_NEAR(static_cast<double>(seen.estimated_total),
              static_cast<double>(clip_size() - seen.stop) / 100, 2000);
}

// The demuxer answers in time, if nobody has answered before it.
TEST_F(Queries, duration_in_another_format_is_the_demuxers) {
  serve_part();
  Pipeline pipeline(fresh_source() + " ! qtdemux ! h264parse ! fakesink sync=false");
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  gint64 duration = 0;
  EXPECT_FALSE(gst_element_query_duration(pipeline.source(), GST_FORMAT_TIME, &duration));
  ASSERT_TRUE(gst_element_query_duration(pipeline.get(), GST_FORMAT_TIME, &duration));
  EXPECT_NEAR(static_cast<double>(duration) / GST_SECOND, 2, 0.1);
}

// In state NULL, where urisourcebin asks.
TEST_F(Queries, scheduling_is_limited_unless_the_clip_is_in_the_cache) {
  serve_whole();
  Pipeline pipeline(source() + " ! fakesink");
  EXPECT_TRUE(is_limited(pipeline.source()));
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_FALSE(is_limited(pipeline.source()));
  g_object_set(pipeline.source(), "take", 77, nullptr);
  EXPECT_TRUE(is_limited(pipeline.source()));
}

// A puller reads nothing until it has been told the size, or that there is none.
TEST_F(Queries, a_puller_knows_the_size_of_a_clip_in_the_cache_before_it_reads) {
  serve_whole();
  {
    Pipeline pipeline(source() + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
  }
  Pipeline pipeline(source());
  auto* src = pipeline.source();
  auto* pad = gst_element_get_static_pad(src, "src");
  gst_element_set_state(src, GST_STATE_READY);
  EXPECT_TRUE(gst_pad_activate_mode(pad, GST_PAD_MODE_PULL, TRUE));
  EXPECT_EQ(seeking(src).stop, clip_size());
  EXPECT_EQ(byte_duration(src), clip_size());
  EXPECT_TRUE(gst_pad_activate_mode(pad, GST_PAD_MODE_PULL, FALSE));
  gst_object_unref(pad);
}

// typefind reads the end as soon as it has the duration; qtdemux asks for the range only.
TEST_F(Queries, a_puller_of_an_arriving_clip_gets_its_range_but_no_duration) {
  serve_part();
  Pipeline pipeline(fresh_source() + " ! qtdemux ! h264parse ! fakesink sync=false");
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  ASSERT_EQ(mode_of(pipeline.source()), GST_PAD_MODE_PULL);
  EXPECT_EQ(seeking(pipeline.source()).stop, clip_size());
  EXPECT_EQ(byte_duration(pipeline.source()), -1);
}

}  // namespace
}  // namespace test_support
