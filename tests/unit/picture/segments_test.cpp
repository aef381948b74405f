// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/segments.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

TEST(Segments, of_a_jpeg_come_in_their_order) {
  const auto bytes = jpeg();
  JpegSegments segments(bytes);
  for (const std::uint32_t marker : {0xe0, 0xe1, 0xdb, 0xc0, 0xc4, 0xda}) {
    const auto segment = segments.next();
    ASSERT_TRUE(segment);
    EXPECT_EQ(segment->marker, marker);
    EXPECT_FALSE(segment->payload.empty());
  }
  EXPECT_EQ(bytes.substr(segments.position(), 4), "scan");
}

TEST(Segments, of_a_jpeg_end_where_a_length_lies) {
  const auto bytes = std::string("\xff\xd8\xff\xe0\xff\xff", 6);
  EXPECT_FALSE(JpegSegments(bytes).next());
}

TEST(Segments, that_are_shorter_than_their_own_length_are_empty) {
  const auto bytes = std::string("\xff\xd8\xff\xe0\0\0\xff\xe0\0\1", 10);
  const auto segment = JpegSegments(bytes).next();
  ASSERT_TRUE(segment);
  EXPECT_TRUE(segment->payload.empty());
}

TEST(Segments, of_a_png_are_its_chunks) {
  const auto bytes = png();
  PngChunks chunks(bytes);
  EXPECT_EQ(chunks.next()->type, "IHDR");
  EXPECT_EQ(chunks.next()->payload, "some IEND data");
  EXPECT_EQ(chunks.next()->type, "IEND");
  EXPECT_FALSE(chunks.next());
}

TEST(Segments, of_a_webp_are_padded_to_even_lengths) {
  const std::string bytes = "RIFF....WEBP" + std::string("VP8X\x03\0\0\0abc\0", 12) +
                            std::string("EXIF\x02\0\0\0xy", 10) + "ABCD\xff\xff\xff\xff";
  WebpChunks chunks(bytes);
  EXPECT_EQ(chunks.next()->payload, "abc");
  EXPECT_EQ(chunks.next()->type, "EXIF");
  EXPECT_FALSE(chunks.next());
}

TEST(Segments, of_a_gif_lead_to_its_first_frame) {
  const std::string screen = "GIF89a" + bytes({9, 0, 9, 0, 0x80, 0, 0}) + "colour";
  const std::string extension = "!" + bytes({0xf9, 2, 1, 2, 3, 1, 2, 3, 0});
  const std::string frame = "," + bytes({0, 0, 0, 0, 7, 1, 5, 0, 0x81}) + "four colours" +
                            bytes({2, 1, 'x', 2, 'y', 'z', 0});
  const auto gif = screen + extension + extension + frame;
  EXPECT_EQ(first_frame_end(gif + frame + ";"), gif.size());
  for (std::size_t length = 0; length < gif.size(); ++length)
    EXPECT_FALSE(first_frame_end(gif.substr(0, length))) << length;
  EXPECT_FALSE(first_frame_end(screen + "?" + frame));
}

TEST(Segments, survive_every_truncation) {
  for (std::size_t length = 0; length < 200; ++length) {
    const auto cut_jpeg = jpeg().substr(0, length);
    JpegSegments segments(cut_jpeg);
    for (auto one = segments.next(); one && one->marker != jpeg_start_of_scan;)
      one = segments.next();
    const auto cut_png = png().substr(0, length);
    PngChunks chunks(cut_png);
    while (chunks.next()) {
    }
  }
}

}  // namespace
}  // namespace modelverse::picture
