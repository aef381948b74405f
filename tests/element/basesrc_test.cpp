// SPDX-License-Identifier: LGPL-2.1-or-later
// What GStreamer's own suites ask of every source (tests/check/libs/basesrc.c and
// elements/filesrc.c of GStreamer 1.22), of a clip in the cache.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "stream_test.h"

namespace test_support {
namespace {

enum class Mode { push, pull };

class BaseSrc : public StreamTest {
 protected:
  static constexpr const char* clip = "h264-first-sound";

  void SetUp() override {
    StreamTest::SetUp();
    content_ = file_content(stream_clip(clip));
    serve(stream_clip(clip));
    Pipeline pipeline(source() + " ! fakesink");
    ASSERT_TRUE(pipeline.run());
  }

  // Not pulled by a sink: GstBaseSink 1.22 sets the caps of its pad before it activates it, which
  // fails for every source that has caps.
  static std::string sink_for(Mode mode) {
    return mode == Mode::pull ? " ! qtdemux ! fakesink name=sink" : " ! fakesink name=sink";
  }

  // The names of the downstream events and buffers that leave the source, in their order.
  void note_flow(Pipeline& pipeline) {
    auto* pad = gst_element_get_static_pad(pipeline.source(), "src");
    constexpr auto all = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                                      GST_PAD_PROBE_TYPE_BUFFER);
    gst_pad_add_probe(
        pad, all,
        [](GstPad*, GstPadProbeInfo* info, gpointer data) {
          auto& flow = *static_cast<std::vector<std::string>*>(data);
          const bool is_buffer = info->type & GST_PAD_PROBE_TYPE_BUFFER;
          flow.emplace_back(is_buffer ? "buffer"
                                      : GST_EVENT_TYPE_NAME(GST_PAD_PROBE_INFO_EVENT(info)));
          return GST_PAD_PROBE_OK;
        },
        &flow_, nullptr);
    gst_object_unref(pad);
  }
  auto count(const std::string& name) const { return std::count(flow_.begin(), flow_.end(), name); }

  std::string content_;
  std::vector<std::string> flow_;
};

class EndOfBaseSrc : public BaseSrc, public ::testing::WithParamInterface<Mode> {};

TEST_P(EndOfBaseSrc, is_one_event_when_pushed_and_none_when_pulled) {
  Pipeline pipeline(source() + sink_for(GetParam()));
  note_flow(pipeline);
  ASSERT_TRUE(pipeline.run());
  EXPECT_EQ(mode_of(pipeline.source()),
            GetParam() == Mode::pull ? GST_PAD_MODE_PULL : GST_PAD_MODE_PUSH);
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_EQ(count("eos"), GetParam() == Mode::pull ? 0 : 1);
}

// While the source waits for more of the clip. In PLAYING: GStreamer's send_event() of a pipeline
// waits for the streaming thread, which waits in a sink that has prerolled.
TEST_P(EndOfBaseSrc, comes_when_the_application_asks_for_it) {
  emulator().play(R"({"rules":[{"route":"result","times":0,"stall_after":200000}]})");
  Pipeline pipeline(fresh_source() + sink_for(GetParam()));
  note_flow(pipeline);
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, patience.count() * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  auto* eos = gst_event_new_eos();
  const auto number = gst_event_get_seqnum(eos);
  EXPECT_TRUE(gst_element_send_event(pipeline.get(), eos));
  ASSERT_TRUE(pipeline.wait_for_end());
  if (GetParam() == Mode::push) {
    EXPECT_EQ(gst_message_get_seqnum(pipeline.messages().back().get()), number);
  }
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_EQ(count("eos"), GetParam() == Mode::pull ? 0 : 1);
}

INSTANTIATE_TEST_SUITE_P(Modes, EndOfBaseSrc, ::testing::Values(Mode::push, Mode::pull),
                         [](const auto& test) {
                           return test.param == Mode::pull ? "pull" : "push";
                         });

// A change of the rate alone has no position that would have to be converted.
TEST_F(BaseSrc, takes_a_change_of_the_rate_in_time) {
  Pipeline pipeline(source() + sink_for(Mode::push));
  pipeline.set_state(GST_STATE_PAUSED);
  ASSERT_TRUE(pipeline.wait_for(GST_MESSAGE_ASYNC_DONE));
  EXPECT_TRUE(gst_element_seek(pipeline.source(), 0.5, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                               GST_SEEK_TYPE_NONE, -1, GST_SEEK_TYPE_NONE, -1));
  ASSERT_TRUE(pipeline.run());
  auto* pad = gst_element_get_static_pad(pipeline.source(), "src");
  auto* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event, &segment);
  EXPECT_EQ(segment->rate, 0.5);
  gst_event_unref(event);
  gst_object_unref(pad);
}

// From the streaming thread, while the last buffer of its segment is on its way.
TEST_F(BaseSrc, does_not_end_when_it_is_told_to_seek_with_the_last_buffer) {
  Pipeline pipeline(source() + sink_for(Mode::push));
  note_flow(pipeline);
  auto* pad = gst_element_get_static_pad(pipeline.element("sink"), "sink");
  bool has_sought = false;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* seeking, GstPadProbeInfo*, gpointer data) {
        auto* seek = gst_event_new_seek(1, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                        0, GST_SEEK_TYPE_SET, 1);
        if (!std::exchange(*static_cast<bool*>(data), true))
          EXPECT_TRUE(gst_pad_push_event(seeking, seek));
        else
          gst_event_unref(seek);
        return GST_PAD_PROBE_OK;
      },
      &has_sought, nullptr);
  gst_object_unref(pad);
  pipeline.set_state(GST_STATE_READY);
  EXPECT_TRUE(gst_element_seek(pipeline.source(), 1, GST_FORMAT_BYTES, GST_SEEK_FLAG_NONE,
                               GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 1));
  ASSERT_TRUE(pipeline.run());
  EXPECT_EQ(count("buffer"), 2);
  EXPECT_EQ(count("segment"), 2);
  EXPECT_EQ(count("eos"), 1);
}

TEST_F(BaseSrc, reads_blocks_of_the_default_size_if_blocksize_is_0) {
  EXPECT_TRUE(streamed(source("blocksize=0")) == content_);
}

TEST_F(BaseSrc, is_read_backwards_from_its_end) {
  Pipeline pipeline(source("blocksize=65536") + " ! fakesink name=sink signal-handoffs=true");
  std::string read;
  g_signal_connect(pipeline.element("sink"), "handoff",
                   G_CALLBACK(+[](GstElement*, GstBuffer* buffer, GstPad*, std::string* all) {
                     std::string bytes(gst_buffer_get_size(buffer), '\0');
                     gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
                     all->insert(0, bytes);
                   }),
                   &read);
  pipeline.set_state(GST_STATE_READY);
  EXPECT_TRUE(gst_element_seek(pipeline.source(), -1, GST_FORMAT_BYTES, GST_SEEK_FLAG_NONE,
                               GST_SEEK_TYPE_SET, 100, GST_SEEK_TYPE_SET, -1));
  ASSERT_TRUE(pipeline.run());
  EXPECT_TRUE(read == content_.substr(100)) << read.size() << " bytes of " << content_.size();
}

}  // namespace
}  // namespace test_support
