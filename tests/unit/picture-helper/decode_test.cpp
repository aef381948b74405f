// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/decode.h"

#include <gtest/gtest.h>

#include <optional>

#include "png_chunks.h"
#include "quadrants.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {
namespace {

std::optional<HelperFault> fault_of(const PictureBytes& picture) {
  const auto decoded = decode(picture, {64, 48});
  return decoded ? std::nullopt : std::optional(decoded.error().fault);
}

TEST(Decode, shows_every_type_as_it_is) {
  for (const char* name : {"baseline.jpg", "progressive.jpg", "cmyk.jpg", "plain.png",
                           "palette.png", "deep.png", "plain.webp", "animated.webp", "animated.gif",
                           "plain.bmp", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto picture = fixture(name);
    if (!can_decode(picture.media_type))
      continue;
    const auto decoded = decode(picture, {64, 48});
    ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.error().debug;
    EXPECT_EQ(size_of(*decoded), (FrameSize{64, 48})) << name;
    SCOPED_TRACE(name);
    expect_quadrants(*decoded);
  }
}

TEST(Decode, has_a_loader_for_what_every_installation_must_take) {
  for (const char* type : {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
    EXPECT_TRUE(can_decode(type)) << type;
}

TEST(Decode, has_no_decoder_for_another_type) {
  EXPECT_FALSE(can_decode("image/x-unheard-of"));
  EXPECT_EQ(fault_of({"image/x-unheard-of", png()}), HelperFault::no_decoder);
}

TEST(Decode, makes_a_large_jpeg_smaller_on_the_way_but_not_below_twice_the_wanted_size) {
  const auto large = encoded(flat({1601, 1203}, blue), "jpeg");
  EXPECT_EQ(size_of(*decode(large, {801, 1})), (FrameSize{1601, 1203}));
  EXPECT_EQ(size_of(*decode(large, {400, 300})), (FrameSize{801, 602}));
  EXPECT_EQ(size_of(*decode(large, {200, 150})), (FrameSize{401, 301}));
  const auto least = decode(large, {10, 10});
  EXPECT_EQ(size_of(*least), (FrameSize{201, 151}));
  EXPECT_TRUE(is_near(at(*least, 0.5, 0.5), blue));
}

TEST(Decode, does_not_take_bytes_for_another_type_than_they_are) {
  if (has_glycin())
    GTEST_SKIP() << "glycin looks at the bytes, as the plugin has done before";
  for (const char* type : {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"}) {
    const auto fault = fault_of({type, "<svg xmlns='http://www.w3.org/2000/svg'/>"});
    EXPECT_EQ(fault, HelperFault::undecodable) << type;
  }
}

// Its loader would take it for whole, with what the memory held before in place of the rest.
TEST(Decode, refuses_a_picture_that_ends_before_its_last_row) {
  auto webp = fixture("plain.webp");
  if (can_decode(webp.media_type)) {
    webp.bytes.resize(webp.bytes.size() - 40);
    EXPECT_EQ(fault_of(webp), HelperFault::undecodable);
  }
  auto jpeg = fixture("baseline.jpg");
  jpeg.bytes.resize(jpeg.bytes.size() - 20);
  // The plugin has seen before that the end is missing.
  if (!has_glycin()) {
    EXPECT_EQ(fault_of(jpeg), HelperFault::undecodable);
  }
  auto png = fixture("plain.png");
  const auto height = png.bytes.find("IHDR") + 8;
  png.bytes[height + 3] = 100;
  png.bytes.replace(height + 9, 4, big_endian(crc_of(png.bytes.substr(height - 8, 17))));
  EXPECT_EQ(fault_of(png), HelperFault::undecodable);
}

}  // namespace
}  // namespace modelverse::picture
