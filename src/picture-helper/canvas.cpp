// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/canvas.h"

#include <algorithm>

#include "picture-helper/scale.h"

namespace modelverse::picture {
namespace {

// The central area of `size` with the aspect ratio of `canvas`.
Area cover_area(FrameSize size, FrameSize canvas) {
  const double factor = std::min(static_cast<double>(size.width) / canvas.width,
                                 static_cast<double>(size.height) / canvas.height);
  const int width = std::max(1, static_cast<int>(canvas.width * factor));
  const int height = std::max(1, static_cast<int>(canvas.height * factor));
  return {(size.width - width) / 2, (size.height - height) / 2, width, height};
}

// Scaled down to a few pixels and up again: only the colours remain.
HelperResult<PixbufPtr> blurred_ground(const PixbufPtr& pixels, FrameSize canvas) {
  constexpr int reduction = 96;
  const FrameSize tiny = {std::max(2, canvas.width / reduction),
                          std::max(2, canvas.height / reduction)};
  const auto small = scaled(pixels, cover_area(size_of(pixels), canvas), tiny);
  if (!small)
    return small;
  return scaled(*small, {0, 0, tiny.width, tiny.height}, canvas);
}

}  // namespace

HelperResult<PixbufPtr> put_on_canvas(PixbufPtr pixels, const Layout& layout, ImageFit fit) {
  const auto [width, height] = layout.canvas;
  if (layout.scaled == layout.canvas)
    return pixels;
  if (fit == ImageFit::crop)
    return PixbufPtr::adopt(
        gdk_pixbuf_new_subpixbuf(pixels.get(), layout.x, layout.y, width, height));
  auto ground = blurred_ground(pixels, layout.canvas);
  if (ground)
    gdk_pixbuf_copy_area(pixels.get(), 0, 0, layout.scaled.width, layout.scaled.height,
                         ground->get(), layout.x, layout.y);
  return ground;
}

}  // namespace modelverse::picture
