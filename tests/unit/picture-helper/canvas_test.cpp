// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/canvas.h"

#include <gtest/gtest.h>

#include "quadrants.h"

namespace modelverse::picture {
namespace {

// Green in the middle third, red on the left, blue on the right.
PixbufPtr flag(FrameSize size) {
  auto pixels = flat(size, green);
  const int third = size.width / 3;
  gdk_pixbuf_copy_area(flat(size, red).get(), 0, 0, third, size.height, pixels.get(), 0, 0);
  gdk_pixbuf_copy_area(flat(size, blue).get(), 0, 0, third, size.height, pixels.get(), 2 * third,
                       0);
  return pixels;
}

TEST(Canvas, keeps_the_middle_of_what_is_cropped) {
  const auto layout = lay_out({300, 100}, {100, 100}, ImageFit::crop);
  const auto framed = put_on_canvas(flag({300, 100}), layout, ImageFit::crop);
  ASSERT_TRUE(framed.ok());
  EXPECT_EQ(size_of(*framed), (FrameSize{100, 100}));
  EXPECT_TRUE(is_near(at(*framed, 0, 0.5), green, 0));
  EXPECT_TRUE(is_near(at(*framed, 0.99, 0.5), green, 0));
}

TEST(Canvas, shows_all_of_what_is_padded_on_a_ground_of_its_own_colours) {
  const auto layout = lay_out({300, 200}, {600, 300}, ImageFit::pad);
  ASSERT_EQ(layout.scaled, (FrameSize{450, 300}));
  const auto framed = put_on_canvas(flag({450, 300}), layout, ImageFit::pad);
  ASSERT_TRUE(framed.ok());
  EXPECT_EQ(size_of(*framed), (FrameSize{600, 300}));
  EXPECT_TRUE(is_near(at(*framed, 76 / 600.0, 0.5), red, 0));
  EXPECT_TRUE(is_near(at(*framed, 0.5, 0.5), green, 0));
  EXPECT_TRUE(is_near(at(*framed, 523 / 600.0, 0.5), blue, 0));
  EXPECT_TRUE(is_near(at(*framed, 0.01, 0.5), red, 40));
  EXPECT_TRUE(is_near(at(*framed, 0.99, 0.5), blue, 40));
}

TEST(Canvas, is_the_picture_itself_where_it_fits) {
  const auto layout = lay_out({640, 360}, {1280, 720}, ImageFit::pad);
  const auto pixels = flat({1280, 720}, red);
  EXPECT_EQ(put_on_canvas(pixels, layout, ImageFit::pad)->get(), pixels.get());
}

}  // namespace
}  // namespace modelverse::picture
