// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole pipelines, decoded to the end: the clip is made by the emulator from the sent picture.
#include <signal.h>

#include <cstdlib>

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

TEST_F(Pipelines, transcodes_to_webm) {
  const auto path = cache_dir() + "/clip.webm";
  {
    Pipeline pipeline(
        made() + " ! decodebin3 name=d  webmmux name=m ! filesink location=" + path +
        "  d. ! queue ! videoconvert ! videoscale ! video/x-raw,width=320,height=180 ! "
        "vp8enc deadline=1 cpu-used=8 threads=2 ! m. "
        " d. ! queue ! audioconvert ! audioresample ! opusenc ! m.");
    ASSERT_TRUE(pipeline.run());
  }
  const auto decoded = decode("filesrc location=" + path);
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 120);
  EXPECT_GT(decoded.audio_buffers, 0);
  EXPECT_LT(difference(decoded.first, thumbnail_of_picture(picture())), same_picture);
}

TEST_F(Pipelines, remuxes_to_matroska) {
  const auto path = cache_dir() + "/clip.mkv";
  {
    Pipeline pipeline(made() + " ! qtdemux name=d  matroskamux name=m ! filesink location=" + path +
                      "  d.video_0 ! queue ! h264parse ! m.  d.audio_0 ! queue ! aacparse ! m.");
    ASSERT_TRUE(pipeline.run());
  }
  const auto decoded = decode("filesrc location=" + path);
  EXPECT_EQ(decoded.frames, 120);
  EXPECT_LT(difference(decoded.first, thumbnail_of_picture(picture())), same_picture);
}

TEST_F(Pipelines, plays_through_playbin3_and_playbin) {
  ASSERT_TRUE(decode(made()).reached_eos);
  const auto uri = "modelverse://" + picture() +
                   "?prompt=a%20test&cache-mode=reuse&base-url=" + maker_->base_url();
  g_setenv("MODELVERSE_CACHE_DIR", cache_dir().c_str(), TRUE);
  for (const std::string player : {"playbin3", "playbin"}) {
    Pipeline pipeline(player + " uri=\"" + uri +
                      "\" video-sink=\"fakesink sync=false\" audio-sink=\"fakesink sync=false\"");
    EXPECT_TRUE(pipeline.run()) << player;
  }
  g_unsetenv("MODELVERSE_CACHE_DIR");
  EXPECT_EQ(maker_->submits(), 1u);
}

TEST_F(Pipelines, shows_the_picture_on_a_screen) {
  const char* screen = std::getenv("DISPLAY");
  if (!screen)
    GTEST_SKIP() << "no X server: run this under xvfb-run";
  // The last frame stays on the window while the screenshot is taken.
  Pipeline pipeline(made() +
                    " ! decodebin3 name=d  d. ! queue ! videoconvert ! videoscale ! "
                    "video/x-raw,width=1280,height=720 ! ximagesink name=screen sync=false  "
                    "d. ! queue ! fakesink sync=false");
  ASSERT_TRUE(pipeline.run());
  const auto shot = cache_dir() + "/screen.png";
  Process import({"import", "-window", "root", shot}, {});
  ASSERT_EQ(import.wait().exit_code, 0);
  if (const char* keep = std::getenv("MODELVERSE_KEEP_SCREENSHOT"))
    g_file_set_contents(keep, file_content(shot).c_str(),
                        static_cast<gssize>(file_content(shot).size()), nullptr);
  const auto shown = thumbnail_of_picture(shot);
  const auto last = decode(made()).last;
  EXPECT_LT(difference(shown, last), same_picture);
}

}  // namespace
}  // namespace test_support
