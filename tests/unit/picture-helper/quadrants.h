// SPDX-License-Identifier: LGPL-2.1-or-later
// The pictures of fixtures/, red and green above blue and yellow, and a look at what becomes of
// them.
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>

#include "picture-helper/change_picture.h"
#include "picture-helper/pixels.h"
#include "picture/change.h"
#include "picture/facts.h"
#include "picture/picture.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;
};

inline void PrintTo(const Colour& colour, std::ostream* out) {
  *out << colour.red << "," << colour.green << "," << colour.blue;
}

inline constexpr Colour red = {255, 0, 0};
inline constexpr Colour green = {0, 255, 0};
inline constexpr Colour blue = {0, 0, 255};
inline constexpr Colour yellow = {255, 255, 0};
inline constexpr Colour white = {255, 255, 255};

// A JPEG's flat areas come back this near.
inline testing::AssertionResult is_near(Colour one, Colour other, int tolerance = 4) {
  const auto is_off = [&](int a, int b) { return std::abs(a - b) > tolerance; };
  if (is_off(one.red, other.red) || is_off(one.green, other.green) || is_off(one.blue, other.blue))
    return testing::AssertionFailure()
           << testing::PrintToString(one) << " is not " << testing::PrintToString(other);
  return testing::AssertionSuccess();
}

inline Colour at(const PixbufPtr& pixels, double x, double y) {
  const auto size = size_of(pixels);
  const auto* pixel = gdk_pixbuf_read_pixels(pixels.get()) +
                      static_cast<int>(y * size.height) * gdk_pixbuf_get_rowstride(pixels.get()) +
                      static_cast<int>(x * size.width) * gdk_pixbuf_get_n_channels(pixels.get());
  return {pixel[0], pixel[1], pixel[2]};
}

// What somebody sees who is sent these bytes and knows nothing of EXIF and ICC.
inline PixbufPtr seen(const PictureBytes& picture) {
  const ObjectPtr<GdkPixbufLoader> loader =
      ObjectPtr<GdkPixbufLoader>::adopt(gdk_pixbuf_loader_new());
  gdk_pixbuf_loader_write(loader.get(), reinterpret_cast<const guchar*>(picture.bytes.data()),
                          picture.bytes.size(), nullptr);
  EXPECT_TRUE(gdk_pixbuf_loader_close(loader.get(), nullptr));
  return PixbufPtr::retain(gdk_pixbuf_loader_get_pixbuf(loader.get()));
}

inline PixbufPtr flat(FrameSize size, Colour colour) {
  auto pixels =
      PixbufPtr::adopt(gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, size.width, size.height));
  gdk_pixbuf_fill(pixels.get(), static_cast<guint32>(colour.red) << 24 |
                                    static_cast<guint32>(colour.green) << 16 |
                                    static_cast<guint32>(colour.blue) << 8 | 0xff);
  return pixels;
}

inline PictureBytes encoded(const PixbufPtr& pixels, const char* type) {
  char* buffer = nullptr;
  gsize size = 0;
  EXPECT_TRUE(gdk_pixbuf_save_to_buffer(pixels.get(), &buffer, &size, type, nullptr, nullptr));
  const CharPtr owner(buffer);
  return {.media_type = std::string("image/") + type, .bytes = std::string(buffer, size)};
}

// The whole way, as a job goes it, in this process.
inline Result<PictureBytes> fitted(const PictureBytes& picture, const PictureRules& rules,
                                   ImageFit fit = ImageFit::crop) {
  const auto decided = decide_change(picture, rules, fit);
  if (!decided)
    return decided.error();
  if (!decided->change)
    return picture;
  auto changed = change_picture(picture, *decided->change, rules);
  if (!changed)
    return user_error(changed.error(), picture, rules);
  return std::move(changed).value();
}

// All four of the picture's colours, each in its place.
inline void expect_quadrants(const PixbufPtr& pixels) {
  EXPECT_TRUE(is_near(at(pixels, 0.25, 0.25), red));
  EXPECT_TRUE(is_near(at(pixels, 0.75, 0.25), green));
  EXPECT_TRUE(is_near(at(pixels, 0.25, 0.75), blue));
  EXPECT_TRUE(is_near(at(pixels, 0.75, 0.75), yellow));
}

}  // namespace modelverse::picture
