// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours are compared with what the standards' own formulas give, not with another converter.
#include "picture-helper/scale.h"

#include <gtest/gtest.h>

#include <cmath>

#include "quadrants.h"

namespace modelverse::picture {
namespace {

struct Matrix {
  const char* name;
  double kr;
  double kb;
};

char quantized(double value) {
  return static_cast<char>(std::lround(std::min(255.0, std::max(0.0, value))));
}

// A flat I420 frame of `colour` as ITU-R BT.601 and BT.709, section 3, define it.
PictureBytes yuv_frame(Colour colour, const Matrix& matrix, bool is_full, FrameSize size) {
  const double kg = 1 - matrix.kr - matrix.kb;
  const double y = (matrix.kr * colour.red + kg * colour.green + matrix.kb * colour.blue) / 255;
  const double cb = (colour.blue / 255.0 - y) / (2 * (1 - matrix.kb));
  const double cr = (colour.red / 255.0 - y) / (2 * (1 - matrix.kr));
  const double y_steps = is_full ? 255 : 219;
  const double c_steps = is_full ? 255 : 224;
  const auto luma = quantized((is_full ? 0 : 16) + y_steps * y);
  const auto area = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  const std::string range = is_full ? "1" : "2";
  const std::string code = std::string(matrix.name) == "bt601" ? "4:16:4" : "3:5:1";
  return {"video/x-raw, format=(string)I420, width=(int)" + std::to_string(size.width) +
              ", height=(int)" + std::to_string(size.height) +
              ", framerate=(fraction)0/1, colorimetry=(string)" + range + ":" + code,
          std::string(area, luma) + std::string(area / 4, quantized(128 + c_steps * cb)) +
              std::string(area / 4, quantized(128 + c_steps * cr))};
}

TEST(Scale, gives_raw_frames_the_colours_that_their_caps_mean) {
  const Matrix matrices[] = {{"bt601", 0.299, 0.114}, {"bt709", 0.2126, 0.0722}};
  const Colour colours[] = {red,   green,          blue,          yellow,
                            white, {200, 100, 50}, {17, 130, 99}, {0, 0, 0}};
  for (const auto& matrix : matrices)
    for (const bool is_full : {false, true})
      for (const auto& colour : colours) {
        const auto frame = yuv_frame(colour, matrix, is_full, {64, 48});
        const auto made = scaled_raw(frame, {0, 0, 64, 48}, {32, 36});
        ASSERT_TRUE(made.ok());
        EXPECT_EQ(size_of(*made), (FrameSize{32, 36}));
        EXPECT_TRUE(is_near(at(*made, 0.5, 0.5), colour, 3)) << frame.media_type;
      }
}

TEST(Scale, flattens_raw_frames_with_alpha_too) {
  const PictureBytes frame = {
      "video/x-raw, format=(string)BGRA, width=(int)2, height=(int)2, framerate=(fraction)0/1",
      std::string("\xff\0\0\0\xff\0\0\xff\xff\0\0\0\xff\0\0\xff", 16)};
  const auto made = scaled_raw(frame, {0, 0, 2, 2}, {2, 2});
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(is_near(at(*made, 0, 0), white, 0));
  EXPECT_TRUE(is_near(at(*made, 0.5, 0), blue, 0));
}

TEST(Scale, takes_only_the_area) {
  const auto picture = seen(fixture("plain.png"));
  EXPECT_TRUE(is_near(at(*scaled(picture, {40, 30, 20, 15}, {7, 5}), 0.5, 0.5), yellow));
}

TEST(Scale, keeps_a_fine_pattern_at_its_mean_when_it_is_made_much_smaller) {
  const auto pixels = flat({4000, 50}, {0, 0, 0});
  const auto stride = gdk_pixbuf_get_rowstride(pixels.get());
  for (int y = 0; y < 50; ++y)
    for (int x = 0; x < 4000; x += 2)
      gdk_pixbuf_get_pixels(pixels.get())[y * stride + x * 3] = 255;
  const auto made = scaled(pixels, {0, 0, 4000, 50}, {21, 1});
  ASSERT_TRUE(made.ok());
  for (const double x : {0.1, 0.3, 0.5, 0.7, 0.9})
    EXPECT_TRUE(is_near(at(*made, x, 0), {127, 0, 0}, 3));
}

TEST(Scale, blows_a_single_pixel_up) {
  EXPECT_TRUE(is_near(at(*scaled(flat({1, 1}, {9, 8, 7}), {0, 0, 1, 1}, {1280, 720}), 0.9, 0.9),
                      {9, 8, 7}, 0));
}

TEST(Scale, refuses_frames_that_are_shorter_than_their_caps_say) {
  auto frame = yuv_frame(red, {"bt601", 0.299, 0.114}, false, {64, 48});
  frame.bytes.pop_back();
  const auto made = scaled_raw(frame, {0, 0, 64, 48}, {32, 32});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, HelperFault::not_convertible);
}

}  // namespace
}  // namespace modelverse::picture
