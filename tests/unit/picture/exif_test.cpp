// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/exif.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

// One directory with the orientation as its second entry.
std::string little_endian_exif(int orientation) {
  return std::string("II*\0\x08\0\0\0\x02\0", 10) +
         std::string("\x00\x01\x03\0\x01\0\0\0\x40\0\0\0", 12) +
         std::string("\x12\x01\x03\0\x01\0\0\0", 8) + static_cast<char>(orientation) +
         std::string(7, '\0');
}

std::string big_endian_exif(int orientation) {
  return std::string("MM\0*\0\0\0\x08\0\x01", 10) + std::string("\x01\x12\0\x03\0\0\0\x01\0", 9) +
         static_cast<char>(orientation) + std::string(6, '\0');
}

TEST(Exif, is_found_in_every_type_that_keeps_it) {
  const auto exif = big_endian_exif(6);
  const auto riff = "RIFF....WEBPVP8L" + std::string("\x02\0\0\0--EXIF", 10) +
                    static_cast<char>(exif.size()) + std::string(3, '\0');
  EXPECT_EQ(orientation_in(exif_of_webp(riff + exif)), 6);
  const auto marked = std::string("Exif\0\0", 6) + exif;
  EXPECT_EQ(orientation_in(exif_of_webp("RIFF....WEBPEXIF" +
                                        std::string(1, static_cast<char>(marked.size())) +
                                        std::string(3, '\0') + marked)),
            6);
  EXPECT_EQ(orientation_in(
                exif_of_png("\x89PNG\r\n\x1a\n" + png_chunk("eXIf", exif) + png_chunk("IEND", ""))),
            6);
  EXPECT_EQ(orientation_in(exif_of_tiff(exif)), 6);
  EXPECT_EQ(orientation_in(exif_of_tiff(little_endian_exif(8))), 8);
  EXPECT_EQ(orientation_in(exif_of_jpeg(with_orientation(fixture("baseline.jpg"), 3).bytes)), 3);
}

TEST(Exif, of_a_thumbnail_or_of_another_app1_is_not_taken) {
  auto bytes = jpeg();
  EXPECT_EQ(orientation_in(exif_of_jpeg(bytes)), 1);
  bytes.insert(2, jpeg_segment(0xe1, "http://ns.adobe.com/xap/1.0/"));
  EXPECT_EQ(orientation_in(exif_of_jpeg(with_orientation({"image/jpeg", bytes}, 5).bytes)), 5);
}

TEST(Exif, that_makes_no_sense_is_upright) {
  for (const int orientation : {0, 9, 77})
    EXPECT_EQ(orientation_in(exif_of_tiff(little_endian_exif(orientation))), 1);
  EXPECT_EQ(orientation_in(exif_of_tiff("")), 1);
  EXPECT_EQ(orientation_in(exif_of_tiff("XX*\0")), 1);
  EXPECT_EQ(orientation_in(exif_of_tiff(std::string("II*\0\xff\xff\xff\xff", 8))), 1);
}

TEST(Exif, survives_every_truncation) {
  for (const auto& exif : {little_endian_exif(6), big_endian_exif(6)})
    for (std::size_t length = 0; length < exif.size(); ++length)
      orientation_in(exif_of_tiff(exif.substr(0, length)));
}

}  // namespace
}  // namespace modelverse::picture
