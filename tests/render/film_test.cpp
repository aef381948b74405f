// SPDX-License-Identifier: LGPL-2.1-or-later
// Films of small clips that are made here.
#include "render/film.h"

#include <gst/pbutils/pbutils.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "support/frames.h"
#include "support/pipeline.h"
#include "support/scratch_directory.h"

namespace modelverse::render {
namespace {

using test_support::Thumbnail;

class FilmTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    gst_pb_utils_init();
  }
  std::string file(const std::string& name) const { return scratch_.path() + "/" + name; }

  // Two seconds with 30 frames each; with the default sound, a tick at each second.
  std::string clip(const std::string& name, const std::string& pattern, int width, int height,
                   const std::string& sound = "ticks") const {
    const auto path = file(name);
    test_support::Pipeline pipeline(
        "videotestsrc num-buffers=60 pattern=" + pattern +
        " ! video/x-raw,width=" + std::to_string(width) + ",height=" + std::to_string(height) +
        ",framerate=30/1,format=I420 ! x264enc speed-preset=ultrafast ! mp4mux name=mux ! filesink "
        "location=" +
        path +
        (sound.empty() ? ""
                       : "  audiotestsrc num-buffers=200 samplesperbuffer=480 wave=" + sound +
                             " ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! mux."));
    EXPECT_TRUE(pipeline.run());
    return path;
  }

  // The error, or empty.
  std::string make(const std::string& path, const std::vector<std::string>& clips,
                   double transition = 0) {
    auto* loop = g_main_loop_new(nullptr, FALSE);
    std::optional<std::string> problem;
    Film film(path, transition,
              {.on_progress = [this](int, const std::string& text) { told_ = text; },
               .on_done =
                   [&](const std::string&) {
                     problem = "";
                     g_main_loop_quit(loop);
                   },
               .on_failed =
                   [&](const std::string& text) {
                     problem = text;
                     g_main_loop_quit(loop);
                   }});
    if (const auto started = film.start(clips); !started)
      problem = started.error().text;
    if (!problem)
      g_main_loop_run(loop);
    g_main_loop_unref(loop);
    return *problem;
  }

  std::string told_;

 private:
  test_support::ScratchDirectory scratch_;
};

constexpr std::size_t sample_rate = 48000;

// The decoded sound without its timestamps.
std::vector<int> samples_of(const std::string& path) {
  test_support::Pipeline pipeline("filesrc location=" + path +
                                  " ! decodebin ! audio/x-raw ! audioconvert ! "
                                  "audio/x-raw,format=S16LE,channels=1 ! filesink location=" +
                                  path + ".raw");
  EXPECT_TRUE(pipeline.run());
  char* raw = nullptr;
  gsize size = 0;
  g_file_get_contents((path + ".raw").c_str(), &raw, &size, nullptr);
  const auto* samples = reinterpret_cast<const gint16*>(raw);
  const std::vector<int> copy(samples, samples + size / sizeof(gint16));
  g_free(raw);
  return copy;
}

// Seconds at which a sound begins.
std::vector<double> onsets_of(const std::string& path) {
  const auto samples = samples_of(path);
  constexpr int loud = 3000;
  std::vector<double> onsets;
  std::size_t last = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(samples[i]) < loud)
      continue;
    if (onsets.empty() || i - last > sample_rate / 4)
      onsets.push_back(static_cast<double>(i) / sample_rate);
    last = i;
  }
  return onsets;
}

TEST_F(FilmTest, of_equal_clips_is_a_copy_with_every_frame_and_sound_in_step) {
  const std::vector<std::string> clips(10, clip("a.mp4", "ball", 160, 90));
  ASSERT_EQ(make(file("film.mp4"), clips), "");
  EXPECT_NE(told_.find("Copying"), std::string::npos);
  EXPECT_EQ(test_support::decode("filesrc location=" + file("film.mp4")).frames, 600);
  // The tick in the middle of each clip; those at its ends may be in packets that were dropped.
  const auto onsets = onsets_of(file("film.mp4"));
  const auto own = onsets_of(clips[0]);
  ASSERT_GE(own.size(), 2u);
  for (int i = 0; i < 10; ++i) {
    const double expected = own[1] + 2.0 * i;
    const auto is_near = [&](double onset) { return std::abs(onset - expected) < 0.02; };
    EXPECT_TRUE(std::any_of(onsets.begin(), onsets.end(), is_near)) << "clip " << i;
  }
}

// Mean brightness of columns [from, to) of 64.
double brightness(const Thumbnail& frame, int from, int to) {
  double sum = 0;
  int count = 0;
  for (int y = 0; y < Thumbnail::height * 4 / 5; ++y)
    for (int x = from; x < to; ++x, ++count)
      sum += frame.rgb[static_cast<std::size_t>((y * Thumbnail::width + x) * 3)];
  return sum / count;
}

TEST_F(FilmTest, fades_over_and_fits_a_portrait_without_stretching) {
  const auto white = clip("white.mp4", "white", 160, 90),
             black = clip("black.mp4", "black", 160, 90);
  const auto portrait = clip("portrait.mp4", "white", 90, 160, "");
  ASSERT_EQ(make(file("film.mp4"), {white, black, white, portrait, black}, 0.5), "");
  const auto frames = test_support::thumbnails_of(file("film.mp4"));
  ASSERT_EQ(frames.size(), 300u - 4 * 15);
  EXPECT_GT(brightness(frames[40], 0, 64), 220);
  EXPECT_NEAR(brightness(frames[52], 0, 64), 128, 20) << "white to black";
  EXPECT_LT(brightness(frames[75], 0, 64), 30);
  EXPECT_NEAR(brightness(frames[97], 0, 64), 128, 20) << "black to white";
  EXPECT_GT(brightness(frames[142], 28, 36), 220) << "white to white, without a dark moment";
  EXPECT_GT(brightness(frames[165], 28, 36), 220) << "the portrait is in the middle";
  EXPECT_LT(brightness(frames[165], 0, 20), 30) << "with bars beside it";
  EXPECT_LT(brightness(frames[165], 44, 64), 30);
  // Silence takes the place of the sound that the portrait does not have.
  const auto sound = test_support::decode("filesrc location=" + file("film.mp4"));
  EXPECT_GT(sound.audio_buffers, 365);
}

// The loudest sample of 20 ms.
double peak(const std::vector<int>& samples, double second) {
  const auto first = samples.begin() + static_cast<std::ptrdiff_t>(second * sample_rate);
  const auto [least, most] = std::minmax_element(first, first + sample_rate / 50);
  return std::max(-*least, *most);
}

TEST_F(FilmTest, fades_the_sound) {
  const auto loud = clip("loud.mp4", "white", 160, 90, "sine");
  const auto silent = clip("silent.mp4", "black", 160, 90, "");
  ASSERT_EQ(make(file("film.mp4"), {loud, silent, loud}, 0.5), "");
  const auto samples = samples_of(file("film.mp4"));
  ASSERT_GT(samples.size(), 4 * sample_rate);
  const auto whole = peak(samples, 1);
  EXPECT_GT(whole, 20'000);
  EXPECT_NEAR(peak(samples, 1.75) / whole, 0.5, 0.15);
  EXPECT_LT(peak(samples, 2.25) / whole, 0.05);
  EXPECT_NEAR(peak(samples, 3.25) / whole, 0.5, 0.15);
}

TEST_F(FilmTest, is_webm_by_its_name) {
  ASSERT_EQ(make(file("film.webm"), {clip("a.mp4", "ball", 160, 90)}), "");
  const auto film = test_support::decode("filesrc location=" + file("film.webm"));
  EXPECT_EQ(film.frames, 60);
}

TEST_F(FilmTest, leaves_nothing_behind_when_a_clip_is_broken) {
  g_file_set_contents(file("broken.mp4").c_str(), "no clip", -1, nullptr);
  EXPECT_NE(make(file("film.mp4"), {file("broken.mp4")}), "");
  EXPECT_FALSE(g_file_test(file("film.mp4").c_str(), G_FILE_TEST_EXISTS));
  EXPECT_FALSE(g_file_test(file(".film.mp4.part").c_str(), G_FILE_TEST_EXISTS));
}

}  // namespace
}  // namespace modelverse::render
