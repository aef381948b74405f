// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "picture/picture.h"
#include "pictures.h"

namespace modelverse::picture {
namespace {

TEST(Recognise, knows_every_type_by_its_first_bytes) {
  EXPECT_EQ(recognise(jpeg()), "image/jpeg");
  EXPECT_EQ(recognise(png()), "image/png");
  EXPECT_EQ(recognise(webp()), "image/webp");
  EXPECT_EQ(recognise("GIF87a..."), "image/gif");
  EXPECT_EQ(recognise("GIF89a..."), "image/gif");
  EXPECT_EQ(recognise(bmp()), "image/bmp");
  EXPECT_EQ(recognise(std::string("II*\0....", 8)), "image/tiff");
  EXPECT_EQ(recognise(std::string("MM\0*....", 8)), "image/tiff");
}

TEST(Recognise, tells_heic_from_avif_by_the_brands) {
  for (const char* brand : {"heic", "heix", "hevc", "heim"})
    EXPECT_EQ(recognise(heif(brand, "mif1heic")), "image/heic") << brand;
  for (const char* brand : {"avif", "avis"})
    EXPECT_EQ(recognise(heif(brand, "")), "image/avif") << brand;
  for (const char* brand : {"mif1", "msf1"}) {
    EXPECT_EQ(recognise(heif(brand, "mif1heic")), "image/heic") << brand;
    EXPECT_EQ(recognise(heif(brand, "mif1miafavif")), "image/avif") << brand;
  }
}

TEST(Recognise, does_not_take_a_film_or_a_text_for_a_picture) {
  for (const auto& other :
       {heif("isom", "isommp42avif"), heif("qt  ", "qt  "), heif("mp42", "mif1"),
        std::string("BMW is not a bitmap, though it begins so"), std::string("<svg/>"),
        std::string("%PDF-1.7"), std::string("RIFF....WAVEfmt "), std::string("GIF90a"),
        std::string("\xff\xd8 no"), std::string("II*no"), std::string()})
    EXPECT_FALSE(recognise(other)) << other;
}

TEST(Recognise, survives_every_truncation) {
  for (const auto& picture :
       {jpeg(), png(), webp(), bmp(), heif("mif1", "mif1avif"), heif("heic", "")})
    for (std::size_t length = 0; length < picture.size(); ++length)
      recognise(std::string(picture, 0, length));
  EXPECT_FALSE(recognise(png().substr(0, 7)));
  EXPECT_FALSE(recognise(webp().substr(0, 11)));
}

}  // namespace
}  // namespace modelverse::picture
