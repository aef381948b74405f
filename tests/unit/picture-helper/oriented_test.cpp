// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that are stored in each of the eight ways, in each of the types that can say so.
#include <gtest/gtest.h>

#include <iterator>
#include <utility>

#include "picture-helper/decode.h"
#include "png_chunks.h"
#include "quadrants.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {
namespace {

constexpr FrameSize landscape = {320, 180};

// How a picture has to be stored so that it is upright once it was turned as EXIF says.
PixbufPtr stored_for(int orientation, const PixbufPtr& upright) {
  auto pixels = PixbufPtr::retain(upright.get());
  const auto turn = [&](GdkPixbufRotation angle) {
    pixels = PixbufPtr::adopt(gdk_pixbuf_rotate_simple(pixels.get(), angle));
  };
  const auto mirror = [&] { pixels = PixbufPtr::adopt(gdk_pixbuf_flip(pixels.get(), TRUE)); };
  if (orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7)
    mirror();
  if (orientation == 3 || orientation == 4)
    turn(GDK_PIXBUF_ROTATE_UPSIDEDOWN);
  if (orientation == 5 || orientation == 6)
    turn(GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE);
  if (orientation == 7 || orientation == 8)
    turn(GDK_PIXBUF_ROTATE_CLOCKWISE);
  return pixels;
}

PictureBytes png_with(const PictureBytes& png, int orientation) {
  return {png.media_type, with_png_chunk(png.bytes, "eXIf", exif_with(orientation))};
}

// One strip of RGB (TIFF 6.0, section 6), which gdk-pixbuf's saver cannot say this of.
PictureBytes tiff_with(const PixbufPtr& pixels, int orientation) {
  const auto size = size_of(pixels);
  std::string strip;
  for (int y = 0; y < size.height; ++y)
    strip.append(reinterpret_cast<const char*>(gdk_pixbuf_read_pixels(pixels.get())) +
                     y * gdk_pixbuf_get_rowstride(pixels.get()),
                 static_cast<std::size_t>(size.width) * 3);
  const std::pair<std::size_t, std::size_t> tags[] = {
      {256, size.width}, {257, size.height}, {258, 8}, {259, 1},           {262, 2},
      {273, 8},          {274, orientation}, {277, 3}, {278, size.height}, {279, strip.size()}};
  std::string directory = little_endian(std::size(tags), 2);
  for (const auto& [tag, value] : tags)
    directory +=
        little_endian(tag, 2) + little_endian(4, 2) + little_endian(1, 4) + little_endian(value, 4);
  return {"image/tiff", "II*" + little_endian(0, 1) + little_endian(8 + strip.size(), 4) + strip +
                            directory + little_endian(0, 4)};
}

// RFC 9649: the extended head, the picture's chunk, and EXIF behind it.
PictureBytes webp_with(const PictureBytes& webp, FrameSize size, int orientation) {
  constexpr std::size_t riff_head = 12;
  const auto exif = exif_with(orientation);
  const auto head = "VP8X" + little_endian(10, 4) + little_endian(0x08, 4) +
                    little_endian(static_cast<std::size_t>(size.width) - 1, 3) +
                    little_endian(static_cast<std::size_t>(size.height) - 1, 3);
  const auto body =
      "WEBP" + head + webp.bytes.substr(riff_head) + "EXIF" + little_endian(exif.size(), 4) + exif;
  return {webp.media_type, "RIFF" + little_endian(body.size(), 4) + body};
}

PictureBytes oriented(const PixbufPtr& pixels, const std::string& type, int orientation) {
  if (type == "tiff")
    return tiff_with(pixels, orientation);
  const auto picture = encoded(pixels, type.c_str());
  if (type == "png")
    return png_with(picture, orientation);
  if (type == "webp")
    return webp_with(picture, size_of(pixels), orientation);
  return with_orientation(picture, orientation);
}

void expect_upright(const Result<PictureBytes>& sent) {
  ASSERT_TRUE(sent.ok()) << sent.error().debug;
  EXPECT_EQ(inspect(*sent)->stored, landscape);
  const auto pixels = seen(*sent);
  EXPECT_TRUE(is_near(at(pixels, 0.3, 0.25), red, 12));
  EXPECT_TRUE(is_near(at(pixels, 0.7, 0.25), green, 12));
  EXPECT_TRUE(is_near(at(pixels, 0.3, 0.75), blue, 12));
  EXPECT_TRUE(is_near(at(pixels, 0.7, 0.75), yellow, 12));
}

class Oriented : public testing::TestWithParam<const char*> {};

TEST_P(Oriented, is_turned_upright_whichever_way_it_is_stored) {
  if (!can_decode(std::string("image/") + GetParam()))
    GTEST_SKIP() << "no loader";
  const auto upright = seen(fixture("plain.png"));
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto pixels = stored_for(orientation, upright);
    const auto stored = oriented(pixels, GetParam(), orientation);
    EXPECT_EQ(inspect(stored)->orientation, orientation);
    for (const auto fit : {ImageFit::crop, ImageFit::pad}) {
      SCOPED_TRACE(orientation);
      expect_upright(fitted(stored, frames({landscape, transposed(landscape)}), fit));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Picture, Oriented, testing::Values("jpeg", "png", "tiff", "webp"),
                         [](const auto& type) { return std::string(type.param); });

// Their turns are properties, irot and imir, and not EXIF.
TEST(Oriented, heic_and_avif_are_turned_by_their_own_properties) {
  // There is no tool that writes one: a property that nobody needs becomes the turn.
  auto heic = fixture("plain.heic");
  heic.bytes.replace(heic.bytes.find("pixi"), 5, "irot\1");
  for (const auto& picture : {heic, fixture("turned.avif")}) {
    if (!can_decode(picture.media_type))
      continue;
    SCOPED_TRACE(picture.media_type);
    EXPECT_EQ(inspect(picture)->shown(), (FrameSize{48, 64}));
    const auto sent = fitted(picture, hd_frames());
    ASSERT_TRUE(sent.ok()) << sent.error().debug;
    EXPECT_EQ(inspect(*sent)->stored, (FrameSize{720, 1280}));
    const auto pixels = seen(*sent);
    // The quadrants, turned by 90 degrees against the clock.
    EXPECT_TRUE(is_near(at(pixels, 0.25, 0.3), green, 12));
    EXPECT_TRUE(is_near(at(pixels, 0.75, 0.3), yellow, 12));
    EXPECT_TRUE(is_near(at(pixels, 0.25, 0.7), red, 12));
    EXPECT_TRUE(is_near(at(pixels, 0.75, 0.7), blue, 12));
  }
}

}  // namespace
}  // namespace modelverse::picture
