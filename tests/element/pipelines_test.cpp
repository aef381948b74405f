// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole pipelines, decoded to the end: the clip is made by the emulator from the sent picture.
#include <signal.h>

#include "element_test.h"
#include "support/frames.h"
#include "support/process.h"

namespace test_support {
namespace {

class Pipelines : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    // No ready-made clip here: this is about the picture that was sent.
    maker_ =
        std::make_unique<EmulatorProcess>(std::vector<std::string>{"--generation-time", "0.1"});
  }

  std::string made(const std::string& more = {}) const {
    return source("base-url=" + maker_->base_url() + " prompt=\"a test\" " + more);
  }

  std::unique_ptr<EmulatorProcess> maker_;
};

// A frame of the clip shows the sent picture; another picture is much further off.
constexpr double same_picture = 10;

TEST_F(Pipelines, decodes_every_frame_and_shows_the_sent_picture) {
  const auto decoded = decode(made());
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 120);
  EXPECT_EQ(decoded.width, 1280);
  EXPECT_EQ(decoded.height, 720);
  EXPECT_GT(decoded.audio_buffers, 0);
  EXPECT_LT(difference(decoded.first, thumbnail_of_picture(picture())), same_picture);
  EXPECT_GT(difference(decoded.first, decoded.last), 2) << "nothing moves";
}

TEST_F(Pipelines, duration_and_resolution_are_those_that_were_asked_for) {
  const auto decoded = decode(made("duration=8 resolution=1080p"));
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 240);
  EXPECT_EQ(decoded.width, 1792);
  EXPECT_EQ(decoded.height, 1024);
}

}  // namespace
}  // namespace test_support
