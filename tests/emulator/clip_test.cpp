// SPDX-License-Identifier: LGPL-2.1-or-later
// The layout of the clips that the emulator makes. What they show is tested where they are played:
// tests/element/picture_test.cpp.
#include <gtest/gtest.h>

#include "emulator/service_client.h"

namespace test_support {
namespace {

std::string clip_of(const EmulatorProcess& emulator) {
  // A model without a row may have any length: one second is enough.
  const RawReply submitted =
      submit(emulator, R"({"model":"any/model","input":{"first_frame_url":")" +
                           data_uri(small_png()) + R"("},"parameters":{"duration":1}})");
  EXPECT_EQ(submitted.status, 200u) << submitted.body;
  return download(url_of(finish(emulator, submitted.at("output.task_id")))).body;
}

// Whether the index comes before the media; `moof` marks fragments.
bool has_index_first(const std::string& mp4) {
  return mp4.find("moov") < mp4.find("mdat");
}

TEST(Clip, has_the_layout_that_is_asked_for_and_is_made_once_for_a_request) {
  for (const std::string layout : {"first", "last", "fragmented"}) {
    SCOPED_TRACE(layout);
    const EmulatorProcess emulator({"--any-model", "--generation-time", "0", "--moov", layout});
    const auto clip = clip_of(emulator);
    EXPECT_EQ(clip.substr(4, 4), "ftyp");
    EXPECT_EQ(has_index_first(clip), layout != "last");
    EXPECT_EQ(clip.find("moof") != std::string::npos, layout == "fragmented");
    EXPECT_TRUE(clip_of(emulator) == clip);
    EXPECT_EQ(emulator.tasks().size(), 2u);
  }
}

TEST(Clip, is_given_up_when_the_emulator_ends) {
  EmulatorProcess emulator;
  submit(emulator, submit_body(data_uri(small_png()), "", R"({"duration":12})"));
  emulator.stop();
}

}  // namespace
}  // namespace test_support
