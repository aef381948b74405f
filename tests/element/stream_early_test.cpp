// SPDX-License-Identifier: LGPL-2.1-or-later
// The stream begins with the first bytes that can be played, not with the last.
#include <gst/app/gstappsink.h>

#include "stream_test.h"

namespace test_support {
namespace {

class StreamEarly : public StreamTest {
 protected:
  // The server sends so much and falls silent.
  void serve_only(const std::string& name, std::uint64_t bytes) {
    serve(stream_clip(name));
    emulator().play(R"({"rules":[{"route":"result","times":0,"stall_after":)" +
                    std::to_string(bytes) + "}]}");
  }

  static GstSample* first_sample(Pipeline& pipeline, std::chrono::nanoseconds wait) {
    return gst_app_sink_try_pull_sample(GST_APP_SINK(pipeline.element("sink")),
                                        static_cast<GstClockTime>(wait.count()));
  }
};

constexpr std::uint64_t head = 64 * 1024;

TEST_F(StreamEarly, with_the_index_first_64_KiB_are_enough) {
  serve_only("h264-first-sound", head);
  Pipeline pipeline(fresh_source() + " ! appsink name=sink sync=false");
  pipeline.set_state(GST_STATE_PLAYING);
  auto* sample = first_sample(pipeline, patience);
  ASSERT_NE(sample, nullptr);
  EXPECT_EQ(gst_buffer_get_size(gst_sample_get_buffer(sample)), head);
  gst_sample_unref(sample);
  gint64 size = 0;
  EXPECT_TRUE(gst_element_query_duration(pipeline.source(), GST_FORMAT_BYTES, &size));
  EXPECT_EQ(size, static_cast<gint64>(file_content(stream_clip("h264-first-sound")).size()));
}

// A frame, not a byte only: demuxers that pull must not look at the end first.
TEST_F(StreamEarly, a_frame_is_decoded_long_before_the_end_is_there) {
  for (const std::string decoder :
       {"decodebin3", "decodebin", "queue ! decodebin", "qtdemux ! h264parse ! avdec_h264"}) {
    serve_only("h264-first-sound", 200'000);
    Pipeline pipeline(fresh_source() + " ! " + decoder + " ! appsink name=sink sync=false");
    pipeline.set_state(GST_STATE_PLAYING);
    auto* sample = first_sample(pipeline, patience);
    EXPECT_NE(sample, nullptr) << decoder;
    if (sample)
      gst_sample_unref(sample);
  }
}

}  // namespace
}  // namespace test_support
