// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverseanimate: pictures that do not come, or cannot be read. Each ends with an error or a
// warning, and nothing is paid for.
#include "harness.h"

namespace test_support {
namespace {

class AnimateError : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    start_emulator({"--generation-time", "0.1"});
  }
  // The first error of "upstream ! modelverseanimate"; nothing was asked of the service.
  ErrorSeen error_of(const std::string& upstream, const std::string& more = {}) {
    Pipeline pipeline(upstream + " ! " + animator(more) + " ! fakesink");
    pipeline.set_state(GST_STATE_PLAYING);
    EXPECT_FALSE(pipeline.wait_for_end()) << upstream;
    EXPECT_TRUE(pipeline.error()) << upstream;
    EXPECT_TRUE(emulator().requests().empty()) << upstream;
    return pipeline.error().value_or(ErrorSeen{});
  }
};

bool says(const ErrorSeen& error, const char* word) {
  return error.text.find(word) != std::string::npos;
}

TEST_F(AnimateError, an_end_without_a_picture_is_an_error) {
  for (const char* upstream : {"fakesrc num-buffers=0", "appsrc num-buffers=0 caps=image/png"}) {
    const auto error = error_of(upstream);
    EXPECT_EQ(error.domain, GST_RESOURCE_ERROR);
    EXPECT_EQ(error.code, GST_RESOURCE_ERROR_NOT_FOUND);
    EXPECT_TRUE(says(error, "No picture arrived")) << error.text;
    EXPECT_EQ(error.phase, "prepare");
  }
}

TEST_F(AnimateError, the_error_tells_of_what_was_passed_over) {
  ElementHarness harness(animator());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(gst_harness_push(harness.get(), gst_buffer_new()), GST_FLOW_OK);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  const auto message = harness.wait_for(GST_MESSAGE_ERROR);
  ASSERT_TRUE(message);
  gchar* debug = nullptr;
  gst_message_parse_error(message.get(), nullptr, &debug);
  EXPECT_NE(std::string(debug).find("outside the segment: 3"), std::string::npos) << debug;
  g_free(debug);
}

TEST_F(AnimateError, what_is_set_while_it_waits_for_the_picture_is_refused) {
  ElementHarness harness(animator("timeout=1"));
  ASSERT_TRUE(harness.wait_for(GST_MESSAGE_WARNING));  // no picture: the values were read
  g_object_set(harness.element(), "prompt", "another prompt", "task-id", "another-task", "resubmit",
               TRUE, "cache-mode", 1, "take", 7, "frame", 1, nullptr);
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  EXPECT_GE(harness.pull(1).size(), 1u);
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_EQ(submitted_text(emulator()).find("another prompt"), std::string::npos);
}

TEST_F(AnimateError, no_picture_for_long_is_a_warning_and_the_clip_still_comes) {
  ElementHarness harness(animator("timeout=1"));
  const auto warning = harness.wait_for(GST_MESSAGE_WARNING);
  ASSERT_TRUE(warning);
  GError* error = nullptr;
  gst_message_parse_warning(warning.get(), &error, nullptr);
  EXPECT_NE(std::string(error->message).find("No picture has arrived for 1 s"), std::string::npos)
      << error->message;
  g_error_free(error);
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  const auto served = file_content(clip_path());
  EXPECT_TRUE(harness.pull(served.size()) == served);
}

TEST_F(AnimateError, pieces_of_a_picture_are_told_to_need_a_parser) {
  const auto pieces = error_of("filesrc blocksize=4096 location=" + picture() + " ! image/jpeg");
  EXPECT_EQ(pieces.code, GST_STREAM_ERROR_WRONG_TYPE) << pieces.text;
  EXPECT_TRUE(says(pieces, "jpegparse")) << pieces.text;
  const auto bare = error_of("filesrc location=" + picture());
  EXPECT_EQ(bare.code, GST_STREAM_ERROR_WRONG_TYPE) << bare.text;
  EXPECT_TRUE(says(bare, "jpegparse")) << bare.text;
}

TEST_F(AnimateError, caps_that_cannot_be_read_are_not_accepted) {
  ElementHarness harness(animator());
  auto* pad = gst_element_get_static_pad(harness.element(), "sink");
  const auto accepts = [&](const char* text) {
    auto* caps = gst_caps_from_string(text);
    const bool does = gst_pad_query_accept_caps(pad, caps);
    gst_caps_unref(caps);
    return does;
  };
  EXPECT_TRUE(accepts("image/webp"));
  EXPECT_TRUE(accepts("image/jpeg, parsed=true, width=3, height=4"));
  EXPECT_TRUE(accepts("video/x-raw, format=v210, width=64, height=32, framerate=25/1"));
  EXPECT_FALSE(accepts("video/x-raw, format=no-such, width=64, height=32, framerate=25/1"));
  EXPECT_FALSE(accepts("video/x-raw, format=RGB"));
  EXPECT_FALSE(accepts("video/x-raw(memory:GLMemory), format=RGBA, width=64, height=32"));
  EXPECT_FALSE(accepts("video/x-h264"));
  EXPECT_FALSE(accepts("audio/x-raw"));
  gst_object_unref(pad);
  gst_harness_set_src_caps_str(harness.get(), "video/x-raw, format=RGB");
  EXPECT_EQ(harness.push("pixels"), GST_FLOW_NOT_NEGOTIATED);
}

}  // namespace
}  // namespace test_support
