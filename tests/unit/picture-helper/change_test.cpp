// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/change_picture.h"

#include <gtest/gtest.h>

#include "picture-helper/decode.h"
#include "quadrants.h"

namespace modelverse::picture {
namespace {

TEST(Change, gives_every_type_the_size_of_the_frame) {
  for (const char* name : {"baseline.jpg", "progressive.jpg", "cmyk.jpg", "plain.png",
                           "palette.png", "deep.png", "plain.webp", "animated.webp", "animated.gif",
                           "plain.bmp", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto picture = fixture(name);
    if (!can_decode(picture.media_type))
      continue;
    const auto sent = fitted(picture, hd_frames());
    ASSERT_TRUE(sent.ok()) << name << ": " << sent.error().text;
    EXPECT_EQ(inspect(*sent)->stored, (FrameSize{1280, 720})) << name;
    EXPECT_EQ(recognise(sent->bytes), sent->media_type);
    EXPECT_TRUE(sent->change.empty());
    SCOPED_TRACE(name);
    expect_quadrants(seen(*sent));
  }
}

TEST(Change, sends_photographs_as_jpeg_and_drawings_as_png) {
  for (const char* name : {"baseline.jpg", "cmyk.jpg", "grey.jpg", "plain.webp", "plain.heic"})
    EXPECT_EQ(fitted(fixture(name), hd_frames())->media_type, "image/jpeg") << name;
  for (const char* name : {"palette.png", "alpha.png", "alpha.webp", "animated.gif", "plain.bmp"})
    EXPECT_EQ(fitted(fixture(name), hd_frames())->media_type, "image/png") << name;
}

TEST(Change, shows_white_where_a_picture_is_transparent) {
  for (const char* name : {"alpha.png", "alpha.webp"}) {
    const auto pixels = seen(*fitted(fixture(name), hd_frames()));
    EXPECT_TRUE(is_near(at(pixels, 0.25, 0.25), red)) << name;
    EXPECT_TRUE(is_near(at(pixels, 0.75, 0.25), white)) << name;
    EXPECT_FALSE(gdk_pixbuf_get_has_alpha(pixels.get())) << name;
  }
}

// Half transparent, and its colours multiplied by that already: by who wrote it, or by its decoder.
TEST(Change, does_not_darken_what_is_half_transparent) {
  auto pixels = PixbufPtr::adopt(gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, 64, 48));
  gdk_pixbuf_fill(pixels.get(), 0xff000080);
  for (const char* type : {"png", "tiff"})
    EXPECT_TRUE(is_near(at(seen(*fitted(encoded(pixels, type), hd_frames())), 0.5, 0.5),
                        {255, 127, 127}, 1))
        << type;
  const auto avif = fixture("half.avif");
  if (can_decode(avif.media_type)) {
    EXPECT_TRUE(is_near(at(seen(*fitted(avif, hd_frames())), 0.25, 0.25), {255, 127, 127}, 3));
  }
}

TEST(Change, makes_a_frame_of_a_single_pixel) {
  const auto sent = fitted(encoded(flat({1, 1}, blue), "png"), hd_frames());
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(inspect(*sent)->stored, (FrameSize{1280, 720}));
  EXPECT_TRUE(is_near(at(seen(*sent), 0.9, 0.1), blue, 0));
}

TEST(Change, makes_a_frame_of_a_hair) {
  for (const auto size : {FrameSize{20'000, 2}, FrameSize{2, 20'000}})
    for (const auto fit : {ImageFit::crop, ImageFit::pad}) {
      const auto sent = fitted(encoded(flat(size, blue), "png"), hd_frames(), fit);
      ASSERT_TRUE(sent.ok());
      EXPECT_EQ(inspect(*sent)->stored,
                size.width > 2 ? (FrameSize{1280, 720}) : (FrameSize{720, 1280}));
      EXPECT_TRUE(is_near(at(seen(*sent), 0.5, 0.1), blue, 1));
    }
}

TEST(Change, does_not_stretch) {
  // A square on white: as wide as high afterwards, and in the middle.
  auto pixels = flat({600, 600}, white);
  gdk_pixbuf_copy_area(flat({200, 200}, red).get(), 0, 0, 200, 200, pixels.get(), 200, 200);
  for (const auto fit : {ImageFit::crop, ImageFit::pad}) {
    const auto framed = seen(*fitted(encoded(pixels, "png"), hd_frames(), fit));
    const int half = fit == ImageFit::crop ? 1280 / 6 : 720 / 6;
    const auto is_red = [&](int x, int y) {
      return is_near(at(framed, (640 + x + 0.5) / 1280, (360 + y + 0.5) / 720), red, 60);
    };
    for (const int side : {-1, 1}) {
      EXPECT_TRUE(is_red(side * (half - 4), 0));
      EXPECT_TRUE(is_red(0, side * (half - 4)));
      EXPECT_FALSE(is_red(side * (half + 4), 0));
      EXPECT_FALSE(is_red(0, side * (half + 4)));
    }
  }
}

TEST(Change, encodes_raw_frames_without_loss_and_by_their_pixels_aspect) {
  std::string bytes(std::size_t{64} * 48 * 3, '\0');
  for (std::size_t i = 2; i < bytes.size(); i += 3)
    bytes[i] = '\xff';
  const std::string caps =
      "video/x-raw, format=(string)RGB, width=(int)64, height=(int)48, framerate=(fraction)0/1";
  const auto sent = fitted({caps, bytes}, {}, ImageFit::none);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent->media_type, "image/png");
  EXPECT_EQ(inspect(*sent)->stored, (FrameSize{64, 48}));
  EXPECT_TRUE(is_near(at(seen(*sent), 0.5, 0.5), blue, 0));
  const auto wide = fitted({caps + ", pixel-aspect-ratio=(fraction)2/1", bytes}, {});
  EXPECT_EQ(inspect(*wide)->stored, (FrameSize{128, 48}));
}

TEST(Change, says_that_a_picture_is_damaged) {
  auto picture = fixture("plain.png");
  picture.bytes[45] = static_cast<char>(picture.bytes[45] + 1);
  const auto sent = fitted(picture, hd_frames());
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::wrong_type);
  EXPECT_NE(sent.error().text.find("image/png"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::picture
