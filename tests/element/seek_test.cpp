// SPDX-License-Identifier: LGPL-2.1-or-later
// Events while the clip is not there yet, and seeks once it is.
#include <chrono>

#include "element_test.h"

namespace test_support {
namespace {

class Seek : public ElementTest {
 protected:
  void wait_while_generating(Pipeline& pipeline) {
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_CONTINUE);
  }
};

constexpr std::chrono::seconds at_once(5);

bool seek_to(GstElement* element, guint64 offset, GstSeekFlags flags) {
  return gst_element_seek(element, 1.0, GST_FORMAT_BYTES, flags, GST_SEEK_TYPE_SET,
                          static_cast<gint64>(offset), GST_SEEK_TYPE_NONE, 0);
}

// What a filesink downstream of the source has written.
std::string streamed(const std::string& source, const std::string& directory,
                     const std::function<void(Pipeline&)>& meanwhile) {
  const auto path = directory + "/streamed.mp4";
  Pipeline pipeline(source + " ! filesink location=" + path);
  pipeline.set_state(GST_STATE_PLAYING);
  meanwhile(pipeline);
  EXPECT_TRUE(pipeline.wait_for_end());
  pipeline.set_state(GST_STATE_NULL);
  return file_content(path);
}

TEST_F(Seek, an_eos_event_while_generating_ends_the_stream_and_cancels_the_progress) {
  start_emulator({"--generation-time", "1000"});
  Pipeline pipeline(source() + " ! fakesink");
  wait_while_generating(pipeline);
  EXPECT_TRUE(gst_element_send_event(pipeline.get(), gst_event_new_eos()));
  EXPECT_TRUE(pipeline.wait_for_end());
  const auto progress = pipeline.progress();
  ASSERT_FALSE(progress.empty());
  EXPECT_EQ(progress.back().type, GST_PROGRESS_TYPE_CANCELED);
  EXPECT_EQ(progress.back().code, "generate");
}

TEST_F(Seek, a_byte_seek_gives_the_bytes_from_there) {
  start_emulator({"--generation-time", "0.1"});
  ScratchDirectory directory;
  ASSERT_EQ(streamed(source(), directory.path(), [](Pipeline&) {}), file_content(clip_path()));
  const auto path = directory.path() + "/tail.mp4";
  Pipeline pipeline(source() + " ! filesink location=" + path);
  pipeline.set_state(GST_STATE_READY);
  EXPECT_TRUE(seek_to(pipeline.source(), 100000, GST_SEEK_FLAG_FLUSH));
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  // filesink writes at the segment's offset.
  EXPECT_EQ(file_content(path).substr(100000), file_content(clip_path()).substr(100000));
}

}  // namespace
}  // namespace test_support
