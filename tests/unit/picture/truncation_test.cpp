// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/truncation.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

TEST(Truncation, is_not_seen_in_a_whole_picture) {
  EXPECT_FALSE(is_truncated(jpeg(), "image/jpeg"));
  EXPECT_FALSE(is_truncated(png(), "image/png"));
  EXPECT_FALSE(is_truncated(webp(), "image/webp"));
  EXPECT_FALSE(is_truncated(bmp(), "image/bmp"));
  EXPECT_FALSE(is_truncated(bmp().substr(0, 60), "image/bmp"));  // less its padding
}

TEST(Truncation, is_not_seen_in_data_appended_after_the_end) {
  const std::string appended = std::string(100'000, '\0') + "MotionPhoto_Data" + "\xff\xff\xff";
  EXPECT_FALSE(is_truncated(jpeg() + appended, "image/jpeg"));
  EXPECT_FALSE(is_truncated(png() + appended, "image/png"));
  EXPECT_FALSE(is_truncated(webp() + appended, "image/webp"));
  EXPECT_FALSE(is_truncated(bmp() + appended, "image/bmp"));
}

TEST(Truncation, is_seen_wherever_a_picture_is_cut) {
  for (std::size_t length = 3; length < jpeg().size(); ++length)
    EXPECT_TRUE(is_truncated(jpeg().substr(0, length), "image/jpeg")) << length;
  for (std::size_t length = 8; length < png().size(); ++length)
    EXPECT_TRUE(is_truncated(png().substr(0, length), "image/png")) << length;
  for (std::size_t length = 12; length < webp().size(); ++length)
    EXPECT_TRUE(is_truncated(webp().substr(0, length), "image/webp")) << length;
  for (std::size_t length = 18; length < 60; ++length)
    EXPECT_TRUE(is_truncated(bmp().substr(0, length), "image/bmp")) << length;
}

TEST(Truncation, is_not_seen_in_a_jpeg_with_stray_bytes_between_its_segments) {
  auto stray = jpeg();
  stray.insert(2, std::string("\0stray\xff\xff\xff", 9));
  EXPECT_FALSE(is_truncated(stray, "image/jpeg"));
}

TEST(Truncation, is_not_seen_in_a_jpeg_with_several_scans) {
  auto progressive = jpeg();
  progressive.resize(progressive.size() - 2);
  progressive += jpeg_segment(0xc4, "table") + jpeg_segment(0xda, "scan") + "data";
  EXPECT_TRUE(is_truncated(progressive, "image/jpeg"));
  EXPECT_FALSE(is_truncated(progressive + "\xff\xd9", "image/jpeg"));
}

TEST(Truncation, survives_lengths_that_lie) {
  EXPECT_TRUE(is_truncated("\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDATdata", "image/png"));
  EXPECT_TRUE(is_truncated(bytes({0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff}), "image/jpeg"));
  EXPECT_TRUE(is_truncated(bytes({0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0}), "image/jpeg"));
  EXPECT_TRUE(is_truncated("RIFF\xff\xff\xff\xffWEBP", "image/webp"));
  EXPECT_TRUE(is_truncated(bmp().replace(18, 8, std::string(8, '\xff')), "image/bmp"));
}

TEST(Truncation, is_not_looked_for_where_the_end_is_not_known) {
  for (const char* type : {"image/gif", "image/tiff", "image/heic", "image/avif"})
    EXPECT_FALSE(is_truncated("x", type)) << type;
  const auto packed = bmp().replace(30, 1, "\1").replace(18, 8, std::string(8, '\1'));
  EXPECT_FALSE(is_truncated(packed, "image/bmp"));
}

}  // namespace
}  // namespace modelverse::picture
