// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_test.h"

namespace test_support {

std::string StreamTest::stream_clip(const std::string& name) {
  return from_environment("MODELVERSE_TEST_CLIPS") + "/" + name + ".mp4";
}

void StreamTest::serve(const std::string& path) {
  start_emulator({"--clip", path, "--generation-time", "0"});
}

std::string StreamTest::fresh_source(const std::string& more) {
  return source("take=" + std::to_string(++take_) + " " + more);
}

std::string StreamTest::streamed(const std::string& source, const std::string& between) {
  const auto path = scratch("streamed.mp4");
  Pipeline pipeline(source + " ! " + between + " filesink location=" + path);
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  return file_content(path);
}

GstPadMode StreamTest::mode_of(GstElement* source) {
  auto* pad = gst_element_get_static_pad(source, "src");
  GST_OBJECT_LOCK(pad);
  const auto mode = GST_PAD_MODE(pad);
  GST_OBJECT_UNLOCK(pad);
  gst_object_unref(pad);
  return mode;
}

}  // namespace test_support
