// SPDX-License-Identifier: LGPL-2.1-or-later
// The clips that the emulator makes, taken apart by GStreamer.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "emulator/clip_reader.h"
#include "emulator/service_client.h"

namespace test_support {
namespace {

constexpr double similar = 30;  // dB; an encoder's loss, and no more

// A smooth picture, so that cropping and scaling can be foretold.
Colour colour_at(double x, double y) {
  return {60 + 80 * x + 50 * std::sin(40 * x), 80 + 60 * y + 50 * std::cos(30 * y),
          128 + 100 * std::sin(40 * x) * std::cos(30 * y)};
}

Plane drawn(int width, int height, double left, double right, double top, double bottom) {
  Plane plane{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = left + (right - left) * (x + 0.5) / width;
      const double v = top + (bottom - top) * (y + 0.5) / height;
      plane.values.push_back(luma(colour_at(u, v)));
    }
  }
  return plane;
}

std::string png(int width, int height) {
  return encode_picture(width, height, "pngenc", [=](int x, int y) {
    return colour_at((x + 0.5) / width, (y + 0.5) / height);
  });
}

// A model without a row may have any length: one second is enough for most tests.
const std::vector<std::string> quick = {"--any-model", "--generation-time", "0"};

std::string quick_body(const std::string& picture) {
  return R"({"model":"any/model","input":{"first_frame_url":")" + data_uri(picture) +
         R"("},"parameters":{"duration":1}})";
}

struct Made {
  RawReply status;
  std::string bytes;
};

Made make(const EmulatorProcess& emulator, const std::string& body) {
  const RawReply submitted = submit(emulator, body);
  EXPECT_EQ(submitted.status, 200) << submitted.body;
  Made made;
  made.status = finish(emulator, submitted.at("output.task_id"));
  EXPECT_EQ(made.status.at("output.task_status"), "Success") << made.status.body;
  made.bytes = download(url_of(made.status)).body;
  return made;
}

// In the upper part, above the prompt.
double upper_psnr(const Plane& one, const Plane& other) {
  return psnr(one, other, one.height * 3 / 4);
}

TEST(Clip, is_a_film_of_the_picture_with_sound) {
  const EmulatorProcess emulator({"--generation-time", "0"});
  const Made made = make(emulator, submit_body(data_uri(png(1280, 720)), "a prompt & <more>"));
  const Film film = read_film(made.bytes);
  EXPECT_EQ(film.video_codec, "video/x-h264");
  EXPECT_EQ(film.audio_codec, "audio/mpeg");
  EXPECT_EQ(film.width, 1280);
  EXPECT_EQ(film.height, 720);
  EXPECT_EQ(film.rate_numerator, 30);
  EXPECT_EQ(film.rate_denominator, 1);
  EXPECT_EQ(film.frames, 120u);
  EXPECT_TRUE(film.is_evenly_timed);
  EXPECT_NEAR(film.audio_seconds, 4, 0.1);
  EXPECT_GT(film.loudness, 300);
  // The prompt covers a band at the bottom; the rest of the first frame is the picture.
  ASSERT_GE(film.kept.size(), 4u);
  const Plane picture = drawn(1280, 720, 0, 1, 0, 1);
  EXPECT_GT(upper_psnr(film.kept[0], picture), similar);
  EXPECT_LT(psnr(film.kept[0], picture, 720), similar) << "no prompt";
  for (std::size_t i = 1; i < film.kept.size(); ++i)
    EXPECT_LT(upper_psnr(film.kept[i - 1], film.kept[i]), similar) << "no motion at second " << i;
}

TEST(Clip, stands_where_its_picture_stands_and_is_cropped_around_the_centre) {
  std::vector<std::string> arguments = quick;
  arguments.insert(arguments.end(), {"--moov", "first"});
  const EmulatorProcess emulator(arguments);
  // 600x800 is 3:4; 9:16 takes its middle 450 columns.
  const Made made = make(emulator, quick_body(png(600, 800)));
  EXPECT_EQ(boxes(made.bytes), (std::vector<std::string>{"ftyp", "moov", "mdat"}));
  const Film film = read_film(made.bytes);
  EXPECT_EQ(film.width, 720);
  EXPECT_EQ(film.height, 1280);
  const double margin = (1 - 450.0 / 600) / 2;
  EXPECT_GT(psnr(film.kept[0], drawn(720, 1280, margin, 1 - margin, 0, 1), 1280), similar);
}

TEST(Clip, has_the_length_and_the_size_that_were_asked) {
  const EmulatorProcess emulator({"--generation-time", "0", "--moov", "fragmented"});
  const Made made = make(
      emulator, submit_body(data_uri(png(320, 200)), "", R"({"duration":8,"resolution":"1080p"})"));
  EXPECT_EQ(made.status.at("usage.duration"), "8");
  const auto found = boxes(made.bytes);
  ASSERT_GE(found.size(), 4u);
  EXPECT_EQ(found[1], "moov");
  EXPECT_EQ(found[2], "moof");
  const Film film = read_film(made.bytes);
  EXPECT_EQ(film.width, 1792);
  EXPECT_EQ(film.height, 1024);
  EXPECT_EQ(film.frames, 240u);
}

TEST(Clip, is_made_once_for_the_same_request) {
  const EmulatorProcess emulator(quick);
  const Made first = make(emulator, quick_body(small_png()));
  const Made second = make(emulator, quick_body(small_png()));
  EXPECT_TRUE(first.bytes == second.bytes);
  EXPECT_EQ(boxes(first.bytes).back(), "moov");
  EXPECT_EQ(emulator.tasks().size(), 2u);
}

TEST(Clip, turns_a_picture_as_its_camera_says) {
  const std::string jpeg = encode_picture(320, 180, "jpegenc", [](int x, int y) {
    return colour_at((x + 0.5) / 320, (y + 0.5) / 180);
  });
  const EmulatorProcess emulator(quick);
  const Film film = read_film(make(emulator, quick_body(turned_right(jpeg))).bytes);
  if (!has_element("jpegparse"))
    GTEST_SKIP() << "no jpegparse here, which reads the orientation";
  EXPECT_EQ(film.width, 720);
  EXPECT_EQ(film.height, 1280);
}

TEST(Clip, is_made_of_whatever_gstreamer_decodes) {
  const EmulatorProcess emulator(quick);
  const auto draw = [](int x, int y) { return colour_at((x + 0.5) / 64, (y + 0.5) / 36); };
  for (const char* encoder : {"webpenc", "avenc_bmp"}) {
    if (!has_element(encoder))
      continue;
    SCOPED_TRACE(encoder);
    const std::string bytes =
        make(emulator, quick_body(encode_picture(64, 36, encoder, draw))).bytes;
    EXPECT_EQ(boxes(bytes).front(), "ftyp");
  }
}

TEST(Clip, is_given_up_when_the_emulator_ends) {
  EmulatorProcess emulator;
  submit(emulator, submit_body(data_uri(png(1280, 720)), "", R"({"duration":12})"));
  emulator.stop();
}

}  // namespace
}  // namespace test_support
