// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/encode.h"

#include <gtest/gtest.h>

#include <random>

#include "quadrants.h"

namespace modelverse::picture {
namespace {

// What no encoder makes small.
PixbufPtr noise(FrameSize size) {
  auto pixels = flat(size, white);
  std::minstd_rand random;
  auto* bytes = gdk_pixbuf_get_pixels(pixels.get());
  for (gsize i = 0; i < gdk_pixbuf_get_byte_length(pixels.get()); ++i)
    bytes[i] = static_cast<guchar>(random() >> 8);
  return pixels;
}

TEST(Encode, makes_png_of_what_is_lossless_and_jpeg_of_the_rest) {
  const auto exact = encode(noise({64, 48}), true, {});
  ASSERT_TRUE(exact.ok());
  EXPECT_EQ(exact->media_type, "image/png");
  EXPECT_EQ(recognise(exact->bytes), "image/png");
  const auto lossy = encode(noise({64, 48}), false, {});
  EXPECT_EQ(lossy->media_type, "image/jpeg");
  EXPECT_EQ(recognise(lossy->bytes), "image/jpeg");
}

// Columns of red and blue in turn, which half the colours' size would make purple.
TEST(Encode, keeps_the_colours_of_a_jpeg_at_their_full_size) {
  const auto pixels = flat({64, 48}, red);
  for (int x = 1; x < 64; x += 2)
    gdk_pixbuf_copy_area(flat({1, 48}, blue).get(), 0, 0, 1, 48, pixels.get(), x, 0);
  for (const auto& rules : {PictureRules(), hd_frames()}) {
    const auto sent = seen(*encode(pixels, false, rules));
    EXPECT_TRUE(is_near(at(sent, 32.5 / 64, 0.5), red, 12));
    EXPECT_TRUE(is_near(at(sent, 33.5 / 64, 0.5), blue, 12));
  }
}

TEST(Encode, is_finer_where_the_very_frame_is_sent) {
  EXPECT_GT(encode(noise({64, 48}), false, hd_frames())->bytes.size(),
            encode(noise({64, 48}), false, {})->bytes.size());
}

TEST(Encode, gives_the_same_bytes_each_time) {
  for (const bool is_lossless : {true, false})
    EXPECT_EQ(encode(noise({200, 100}), is_lossless, {})->bytes,
              encode(noise({200, 100}), is_lossless, {})->bytes);
}

TEST(Encode, takes_what_the_model_takes) {
  PictureRules rules;
  rules.media_types = {"image/jpeg"};
  EXPECT_EQ(encode(noise({64, 48}), true, rules)->media_type, "image/jpeg");
  rules.media_types = {"image/png"};
  EXPECT_EQ(encode(noise({64, 48}), false, rules)->media_type, "image/png");
}

TEST(Encode, goes_down_with_the_quality_before_the_size) {
  const auto best = encode(noise({400, 300}), false, {});
  PictureRules rules;
  rules.max_bytes = best->bytes.size() * 2 / 3;
  for (const bool is_lossless : {true, false}) {
    const auto smaller = encode(noise({400, 300}), is_lossless, rules);
    ASSERT_TRUE(smaller.ok());
    EXPECT_EQ(smaller->media_type, "image/jpeg");
    EXPECT_LE(smaller->bytes.size(), rules.max_bytes);
    EXPECT_EQ(inspect(*smaller)->stored, (FrameSize{400, 300}));
  }
}

TEST(Encode, goes_down_with_the_size_where_the_model_takes_any) {
  PictureRules rules;
  rules.max_bytes = 10'000;
  const auto smaller = encode(noise({400, 300}), false, rules);
  ASSERT_TRUE(smaller.ok());
  EXPECT_LE(smaller->bytes.size(), rules.max_bytes);
  EXPECT_LT(inspect(*smaller)->stored.width, 400);
}

TEST(Encode, says_that_nothing_fits_the_limit) {
  PictureRules rules;
  rules.max_bytes = 10'000;
  rules.frame_sizes = {{400, 300}};
  const auto exact = encode(noise({400, 300}), false, rules);
  ASSERT_FALSE(exact.ok());
  EXPECT_EQ(exact.error().fault, HelperFault::too_many_bytes);
  rules.frame_sizes.clear();
  rules.max_bytes = 10;
  EXPECT_FALSE(encode(noise({400, 300}), true, rules).ok());
}

}  // namespace
}  // namespace modelverse::picture
