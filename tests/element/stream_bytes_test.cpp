// SPDX-License-Identifier: LGPL-2.1-or-later
// Any byte at any time: before, within and beyond what is there, pushed and pulled.
#include <gst/app/gstappsink.h>

#include <random>

#include "stream_test.h"

namespace test_support {
namespace {

class StreamBytes : public StreamTest {
 protected:
  void SetUp() override {
    StreamTest::SetUp();
    content_ = file_content(stream_clip("h264-first-sound"));
    serve(stream_clip("h264-first-sound"));
  }

  // Two seconds for the whole.
  void slow_down() const {
    emulator().play(R"({"rules":[{"route":"result","bytes_per_second":300000,"times":0}]})");
  }

  static bool seek_to(Pipeline& pipeline, std::size_t offset) {
    return gst_element_seek(pipeline.source(), 1.0, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                            GST_SEEK_TYPE_SET, static_cast<gint64>(offset), GST_SEEK_TYPE_NONE, 0);
  }

  // The next buffer has the file's bytes, from where it says it is; its offset, or -1.
  gint64 take(Pipeline& pipeline) {
    auto* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(pipeline.element("sink")),
                                                patience.count() * GST_SECOND);
    if (!sample)
      return -1;
    const auto offset = check(gst_sample_get_buffer(sample));
    gst_sample_unref(sample);
    return offset;
  }

  gint64 check(GstBuffer* buffer) {
    const auto offset = GST_BUFFER_OFFSET(buffer);
    GstMapInfo map = {};
    EXPECT_TRUE(gst_buffer_map(buffer, &map, GST_MAP_READ));
    EXPECT_LE(offset + map.size, content_.size());
    EXPECT_EQ(content_.compare(offset, map.size, reinterpret_cast<const char*>(map.data), map.size),
              0)
        << map.size << " bytes at " << offset;
    gst_buffer_unmap(buffer, &map);
    return static_cast<gint64>(offset);
  }

  std::string content_;
};

TEST_F(StreamBytes, a_seek_before_within_and_beyond_what_is_there_gives_the_bytes_from_there) {
  slow_down();
  Pipeline pipeline(fresh_source() + " ! appsink name=sink sync=false async=false max-buffers=1");
  pipeline.set_state(GST_STATE_PLAYING);
  EXPECT_EQ(take(pipeline), 0);
  for (const std::size_t offset : {std::size_t{10}, std::size_t{60000}, std::size_t{300000},
                                   std::size_t{1000}, content_.size() - 1, std::size_t{0}}) {
    ASSERT_TRUE(seek_to(pipeline, offset));
    EXPECT_EQ(take(pipeline), static_cast<gint64>(offset));
  }
  EXPECT_EQ(emulator().downloads(), 1u) << "a seek costs no request";
}

TEST_F(StreamBytes, a_seek_to_the_end_gives_eos_and_one_after_that_gives_bytes_again) {
  Pipeline pipeline(fresh_source() +
                    " ! appsink name=sink sync=false async=false wait-on-eos=false");
  ASSERT_TRUE(pipeline.run());
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(seek_to(pipeline, 4321));
    EXPECT_EQ(take(pipeline), 4321);
    EXPECT_TRUE(pipeline.wait_for_end());
    ASSERT_TRUE(seek_to(pipeline, content_.size()));
    EXPECT_TRUE(pipeline.wait_for_end());
  }
  EXPECT_EQ(emulator().downloads(), 1u);
}

// The source alone, its pad activated by hand.
class PulledBytes : public StreamBytes {
 protected:
  void SetUp() override {
    StreamBytes::SetUp();
    slow_down();
    pipeline_ = std::make_unique<Pipeline>(fresh_source());
    pad_ = gst_element_get_static_pad(pipeline_->source(), "src");
    ASSERT_TRUE(gst_pad_activate_mode(pad_, GST_PAD_MODE_PULL, TRUE));
    pipeline_->set_state(GST_STATE_PAUSED);
  }
  void TearDown() override {
    gst_pad_set_active(pad_, FALSE);
    gst_object_unref(pad_);
    pipeline_.reset();
    StreamBytes::TearDown();
  }

  // How many bytes came, or the flow return where it is none.
  int pull(std::size_t offset, guint size) {
    GstBuffer* buffer = nullptr;
    const auto flow = gst_pad_get_range(pad_, offset, size, &buffer);
    if (flow != GST_FLOW_OK)
      return flow;
    EXPECT_EQ(check(buffer), static_cast<gint64>(offset));
    const auto got = static_cast<int>(gst_buffer_get_size(buffer));
    gst_buffer_unref(buffer);
    return got;
  }

  std::unique_ptr<Pipeline> pipeline_;
  GstPad* pad_ = nullptr;
};

TEST_F(PulledBytes, are_exactly_those_that_were_asked_for_while_they_come_in) {
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    // Further and further in, so that most of it is not there yet.
    const std::size_t offset = random() % (content_.size() * static_cast<std::size_t>(i + 1) / 201);
    const guint size = 1 + random() % 100000;
    const auto left = content_.size() - offset;
    ASSERT_EQ(pull(offset, size), static_cast<int>(std::min<std::size_t>(size, left)));
  }
}

TEST_F(PulledBytes, are_fewer_only_at_the_end_and_none_beyond_it) {
  EXPECT_EQ(pull(content_.size() - 10, 4096), 10);
  EXPECT_EQ(pull(content_.size(), 1), GST_FLOW_EOS);
  EXPECT_EQ(pull(content_.size() + 1'000'000, 4096), GST_FLOW_EOS);
  EXPECT_EQ(pull(0, 8), 8);
}

}  // namespace
}  // namespace test_support
