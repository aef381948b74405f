// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/flatten.h"

#include <algorithm>

namespace modelverse::picture {
namespace {

constexpr unsigned paper = 255;

void flatten_straight(guchar* pixel) {
  const unsigned alpha = pixel[3];
  for (int i = 0; i < 3; ++i)
    pixel[i] = static_cast<guchar>((pixel[i] * alpha + paper * (255 - alpha) + 127) / 255);
}

void flatten_premultiplied(guchar* pixel) {
  for (int i = 0; i < 3; ++i)
    pixel[i] = static_cast<guchar>(std::min(pixel[i] + paper - pixel[3], paper));
}

}  // namespace

void flatten(const PixbufPtr& pixels, Alpha alpha) {
  if (!gdk_pixbuf_get_has_alpha(pixels.get()))
    return;
  const auto size = size_of(pixels);
  const auto stride = static_cast<std::size_t>(gdk_pixbuf_get_rowstride(pixels.get()));
  const auto flatten_one = alpha == Alpha::straight ? flatten_straight : flatten_premultiplied;
  for (int y = 0; y < size.height; ++y) {
    auto* pixel = gdk_pixbuf_get_pixels(pixels.get()) + static_cast<std::size_t>(y) * stride;
    for (int x = 0; x < size.width; ++x, pixel += 4)
      flatten_one(pixel);
  }
}

}  // namespace modelverse::picture
