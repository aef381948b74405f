// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/truncation.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

TEST(Truncation, is_not_seen_in_a_whole_picture) {
  EXPECT_FALSE(is_truncated_jpeg(jpeg()));
  EXPECT_FALSE(is_truncated_png(png()));
  EXPECT_FALSE(is_truncated_webp(webp()));
  EXPECT_FALSE(is_truncated_bmp(bmp()));
  EXPECT_FALSE(is_truncated_bmp(bmp().substr(0, 60)));  // less its padding
}

TEST(Truncation, is_not_seen_in_data_appended_after_the_end) {
  const std::string appended = std::string(100'000, '\0') + "MotionPhoto_Data" + "\xff\xff\xff";
  EXPECT_FALSE(is_truncated_jpeg(jpeg() + appended));
  EXPECT_FALSE(is_truncated_png(png() + appended));
  EXPECT_FALSE(is_truncated_webp(webp() + appended));
  EXPECT_FALSE(is_truncated_bmp(bmp() + appended));
}

TEST(Truncation, is_seen_wherever_a_picture_is_cut) {
  for (std::size_t length = 3; length < jpeg().size(); ++length)
    EXPECT_TRUE(is_truncated_jpeg(jpeg().substr(0, length))) << length;
  for (std::size_t length = 8; length < png().size(); ++length)
    EXPECT_TRUE(is_truncated_png(png().substr(0, length))) << length;
  for (std::size_t length = 12; length < webp().size(); ++length)
    EXPECT_TRUE(is_truncated_webp(webp().substr(0, length))) << length;
  for (std::size_t length = 18; length < 60; ++length)
    EXPECT_TRUE(is_truncated_bmp(bmp().substr(0, length))) << length;
}

TEST(Truncation, is_not_seen_in_a_jpeg_with_stray_bytes_between_its_segments) {
  auto stray = jpeg();
  stray.insert(2, std::string("\0stray\xff\xff\xff", 9));
  EXPECT_FALSE(is_truncated_jpeg(stray));
}

TEST(Truncation, is_not_seen_in_a_jpeg_with_several_scans) {
  auto progressive = jpeg();
  progressive.resize(progressive.size() - 2);
  progressive += jpeg_segment(0xc4, "table") + jpeg_segment(0xda, "scan") + "data";
  EXPECT_TRUE(is_truncated_jpeg(progressive));
  EXPECT_FALSE(is_truncated_jpeg(progressive + "\xff\xd9"));
}

TEST(Truncation, survives_lengths_that_lie) {
  EXPECT_TRUE(is_truncated_png("\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDATdata"));
  EXPECT_TRUE(is_truncated_jpeg(bytes({0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff})));
  EXPECT_TRUE(is_truncated_jpeg(bytes({0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0})));
  EXPECT_TRUE(is_truncated_webp("RIFF\xff\xff\xff\xffWEBP"));
  EXPECT_TRUE(is_truncated_bmp(bmp().replace(18, 8, std::string(8, '\xff'))));
}

TEST(Truncation, is_not_seen_in_a_packed_bmp) {
  const auto packed = bmp().replace(30, 1, "\1").replace(18, 8, std::string(8, '\1'));
  EXPECT_FALSE(is_truncated_bmp(packed));
}

}  // namespace
}  // namespace modelverse::picture
