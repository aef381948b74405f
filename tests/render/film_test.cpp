// SPDX-License-Identifier: LGPL-2.1-or-later
// Films of small clips that are made here.
#include "film_test.h"

#include <glib/gstdio.h>

#include <algorithm>
#include <cmath>

#include "support/frames.h"
#include "support/pipeline.h"

namespace modelverse::render {
namespace {

using test_support::Thumbnail;

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

// Edit list: the sound begins after so many samples, as encoders write it that put priming samples
// in front.
void set_priming(const std::string& path, guint32 samples) {
  char* content = nullptr;
  gsize size = 0;
  ASSERT_TRUE(g_file_get_contents(path.c_str(), &content, &size, nullptr));
  std::string bytes(content, size);
  g_free(content);
  const auto list = bytes.rfind("elst", bytes.find("soun"));
  ASSERT_NE(list, std::string::npos);
  // Behind type, version, count and duration.
  const guint32 media_time = GUINT32_TO_BE(samples);
  bytes.replace(list + 16, sizeof media_time, reinterpret_cast<const char*>(&media_time),
                sizeof media_time);
  g_file_set_contents(path.c_str(), bytes.data(), static_cast<gssize>(size), nullptr);
}

struct Encoded {
  const char* name;
  const char* encoder;
  guint32 priming;
};

class Copied : public FilmTest, public ::testing::WithParamInterface<Encoded> {};

TEST_P(Copied, film_has_every_frame_and_sound_in_step) {
  const auto& [name, encoder, priming] = GetParam();
  const std::vector<std::string> clips(10, clip("a.mp4", "ball", 160, 90, "ticks", encoder));
  set_priming(clips[0], priming);
  ASSERT_EQ(make(file("film.mp4"), clips), "");
  EXPECT_NE(told_.find("Copying"), std::string::npos);
  const auto frames = test_support::thumbnails_of(file("film.mp4"));
  const auto of_clip = test_support::thumbnails_of(clips[0]);
  ASSERT_EQ(of_clip.size(), 60u);
  ASSERT_EQ(frames.size(), 600u);
  for (std::size_t i = 0; i < frames.size(); ++i)
    ASSERT_EQ(frames[i].rgb, of_clip[i % 60].rgb) << "frame " << i;
  // The tick in the middle of each clip; those at its ends may be in packets that were dropped.
  const auto onsets = onsets_of(file("film.mp4"));
  const auto own = onsets_of(clips[0]);
  ASSERT_GE(own.size(), 2u);
  const auto middle = std::find_if(own.begin(), own.end(), [](double at) { return at > 0.5; });
  for (int i = 0; i < 10; ++i) {
    const double expected = *middle + 2.0 * i;
    const auto is_near = [&](double onset) { return std::abs(onset - expected) < 0.02; };
    EXPECT_TRUE(std::any_of(onsets.begin(), onsets.end(), is_near))
        << "clip " << i << ": " << ::testing::PrintToString(onsets) << ", own " << *middle;
  }
}

constexpr const char* simple = "x264enc speed-preset=ultrafast";
INSTANTIATE_TEST_SUITE_P(
    From, Copied,
    ::testing::Values(Encoded{"simple_clips", simple, 0},
                      Encoded{"reordered_frames", "x264enc speed-preset=veryfast bframes=3", 0},
                      Encoded{"sound_with_a_packet_of_priming", simple, 1024},
                      Encoded{"sound_with_two_packets_of_priming", simple, 2112}),
    [](const auto& one) { return std::string(one.param.name); });

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
  clip("white.mp4", "white", 160, 90);
  clip("black.mp4", "black", 160, 90);
  clip("portrait.mp4", "white", 90, 160, "");
  const std::string white = "white.mp4", black = "black.mp4", portrait = "portrait.mp4";
  ASSERT_EQ(g_chdir(file("").c_str()), 0) << "paths may be relative";
  ASSERT_EQ(make("film.mp4", {white, black, white, portrait, black}, 0.5), "");
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

TEST_F(FilmTest, fades_between_clips_with_different_bars_without_a_dark_moment) {
  const auto wide = clip("wide.mp4", "black", 160, 90);
  const auto portrait = clip("portrait.mp4", "white", 90, 160);
  const auto square = clip("square.mp4", "white", 90, 90);
  ASSERT_EQ(make(file("film.mp4"), {wide, wide, portrait, square, portrait}, 0.5), "");
  const auto frames = test_support::thumbnails_of(file("film.mp4"));
  ASSERT_EQ(frames.size(), 300u - 4 * 15);
  // Portrait to square, and back.
  for (const std::size_t cut : {135u, 180u})
    for (std::size_t i = cut - 2; i < cut + 17; ++i)
      EXPECT_GT(brightness(frames[i], 28, 36), 220) << "frame " << i;
  EXPECT_GT(brightness(frames[160], 18, 22), 220) << "the square is wider";
  EXPECT_LT(brightness(frames[120], 18, 22), 30);
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
