// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/flatten.h"

#include <gtest/gtest.h>

#include "quadrants.h"

namespace modelverse::picture {
namespace {

Colour flattened(guint32 pixel, Alpha alpha) {
  auto pixels = PixbufPtr::adopt(gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, 7, 5));
  gdk_pixbuf_fill(pixels.get(), pixel);
  flatten(pixels, alpha);
  return at(pixels, 0.99, 0.99);
}

TEST(Flatten, shows_white_where_pixels_are_transparent) {
  EXPECT_TRUE(is_near(flattened(0xff000000, Alpha::straight), white, 0));
  EXPECT_TRUE(is_near(flattened(0xff000080, Alpha::straight), {255, 127, 127}, 0));
  EXPECT_TRUE(is_near(flattened(0x123456ff, Alpha::straight), {0x12, 0x34, 0x56}, 0));
}

TEST(Flatten, does_not_multiply_again_what_was_multiplied) {
  EXPECT_TRUE(is_near(flattened(0x00000000, Alpha::premultiplied), white, 0));
  EXPECT_TRUE(is_near(flattened(0x80000080, Alpha::premultiplied), {255, 127, 127}, 0));
  EXPECT_TRUE(is_near(flattened(0xff000080, Alpha::premultiplied), {255, 127, 127}, 0));
}

TEST(Flatten, leaves_alone_what_has_no_alpha) {
  const auto pixels = flat({7, 5}, red);
  flatten(pixels, Alpha::straight);
  EXPECT_TRUE(is_near(at(pixels, 0.5, 0.5), red, 0));
}

}  // namespace
}  // namespace modelverse::picture
