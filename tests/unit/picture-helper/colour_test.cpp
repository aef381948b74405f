// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/colour.h"

#include <gtest/gtest.h>
#include <lcms2.h>

#include <cmath>
#include <vector>

#include "picture-helper/decode.h"
#include "png_chunks.h"
#include "quadrants.h"
#include "support/packed.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {
namespace {

// Adobe RGB (1998) and sRGB by their published figures; the profile's bytes are made by the
// library, what is expected of them is not.
constexpr double adobe_gamma = 2.19921875;

std::string bytes_of(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

std::string adobe_profile() {
  const cmsCIExyY white_point = {0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, adobe_gamma);
  cmsToneCurve* curves[] = {curve, curve, curve};
  auto* profile = cmsCreateRGBProfile(&white_point, &primaries, curves);
  cmsFreeToneCurve(curve);
  return bytes_of(profile);
}

int srgb(double linear) {
  linear = std::min(1.0, std::max(0.0, linear));
  const double value =
      linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
  return static_cast<int>(std::lround(value * 255));
}

// Adobe RGB to XYZ to sRGB, multiplied out; both have the white of D65.
Colour adobe_as_srgb(Colour colour) {
  const double r = std::pow(colour.red / 255.0, adobe_gamma);
  const double g = std::pow(colour.green / 255.0, adobe_gamma);
  const double b = std::pow(colour.blue / 255.0, adobe_gamma);
  return {srgb(1.39836 * r - 0.39836 * g), srgb(g), srgb(-0.04293 * g + 1.04293 * b)};
}

TEST(Colours, of_an_rgb_profile_become_srgb) {
  for (const Colour colour : {Colour{200, 120, 60}, Colour{90, 150, 120}, Colour{40, 60, 200},
                              Colour{128, 128, 128}, white}) {
    const auto pixels = flat({8, 8}, colour);
    convert_to_srgb(pixels, adobe_profile());
    EXPECT_TRUE(is_near(at(pixels, 0.5, 0.5), adobe_as_srgb(colour), 2));
  }
}

TEST(Colours, of_a_grey_profile_become_srgb) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.0);
  const cmsCIExyY white_point = {0.3127, 0.3290, 1};
  const auto linear = bytes_of(cmsCreateGrayProfile(&white_point, curve));
  cmsFreeToneCurve(curve);
  const auto pixels = flat({8, 8}, {128, 128, 128});
  convert_to_srgb(pixels, linear);
  const int expected = srgb(128 / 255.0);
  EXPECT_TRUE(is_near(at(pixels, 0.5, 0.5), {expected, expected, expected}, 2));
}

TEST(Colours, stay_where_the_profile_is_none_or_of_no_use) {
  const auto lab = bytes_of(cmsCreateLab4Profile(nullptr));
  for (const std::string& profile : {std::string(), std::string("no profile"), lab}) {
    const auto pixels = flat({8, 8}, {200, 120, 60});
    convert_to_srgb(pixels, profile);
    EXPECT_TRUE(is_near(at(pixels, 0.5, 0.5), {200, 120, 60}, 0));
  }
}

// gdk-pixbuf's saver cannot: it hands the profile to libpng before it has said that there are
// colours.
PictureBytes png_with_profile(const PixbufPtr& pixels, const std::string& profile) {
  const auto picture = encoded(pixels, "png");
  return {picture.media_type,
          with_png_chunk(picture.bytes, "iCCP",
                         std::string("name\0\0", 6) +
                             test_support::packed(profile, G_ZLIB_COMPRESSOR_FORMAT_ZLIB))};
}

PictureBytes saved_with_profile(const PixbufPtr& pixels, const char* type,
                                const std::string& profile) {
  const CharPtr text(
      g_base64_encode(reinterpret_cast<const guchar*>(profile.data()), profile.size()));
  char* buffer = nullptr;
  gsize size = 0;
  EXPECT_TRUE(gdk_pixbuf_save_to_buffer(pixels.get(), &buffer, &size, type, nullptr, "icc-profile",
                                        text.get(), nullptr));
  const CharPtr owner(buffer);
  return {std::string("image/") + type, std::string(buffer, size)};
}

// RFC 9649: the extended head, the profile, the picture's chunk.
PictureBytes webp_with_profile(const PixbufPtr& pixels, std::string profile) {
  constexpr std::size_t riff_head = 12;
  profile += std::string(profile.size() % 2, '\0');
  const auto picture = encoded(pixels, "webp");
  const auto size = size_of(pixels);
  const auto body = "WEBPVP8X" + little_endian(10, 4) + little_endian(0x20, 4) +
                    little_endian(static_cast<std::size_t>(size.width) - 1, 3) +
                    little_endian(static_cast<std::size_t>(size.height) - 1, 3) + "ICCP" +
                    little_endian(profile.size(), 4) + profile + picture.bytes.substr(riff_head);
  return {picture.media_type, "RIFF" + little_endian(body.size(), 4) + body};
}

TEST(Colours, of_a_whole_picture_are_converted_by_the_profile_in_it) {
  const Colour colour = {200, 120, 60};
  const auto pixels = flat({64, 48}, colour);
  const auto profile = adobe_profile();
  std::vector pictures = {saved_with_profile(pixels, "jpeg", profile),
                          png_with_profile(pixels, profile)};
  // glycin saves none in a TIFF.
  if (!has_glycin())
    pictures.push_back(saved_with_profile(pixels, "tiff", profile));
  if (can_decode("image/webp"))
    pictures.push_back(webp_with_profile(pixels, profile));
  for (const auto& picture : pictures) {
    const auto sent = fitted(picture, hd_frames());
    ASSERT_TRUE(sent.ok()) << sent.error().debug;
    EXPECT_TRUE(is_near(at(seen(*sent), 0.5, 0.5), adobe_as_srgb(colour), 3)) << picture.media_type;
    EXPECT_EQ(gdk_pixbuf_get_option(seen(*sent).get(), "icc-profile"), nullptr);
  }
}

}  // namespace
}  // namespace modelverse::picture
