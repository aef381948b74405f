// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/fit.h"

#include <algorithm>
#include <cmath>

namespace modelverse::picture {
namespace {

double aspect_of(FrameSize size) {
  return static_cast<double>(size.width) / size.height;
}

int rounded(double length) {
  constexpr double most = 1e9;
  return std::max(1, static_cast<int>(std::lround(std::min(length, most))));
}

FrameSize scaled_by(FrameSize size, double factor) {
  return {rounded(size.width * factor), rounded(size.height * factor)};
}

// Longer side / shorter side.
double oblongness(FrameSize size) {
  return std::max(aspect_of(size), 1 / aspect_of(size));
}

// Cropped or padded to the maximum allowed aspect ratio.
FrameSize with_allowed_aspect(FrameSize size, double max_aspect, ImageFit fit) {
  if (max_aspect == 0 || oblongness(size) <= max_aspect)
    return size;
  const bool is_wide = size.width > size.height;
  const int longer = std::max(size.width, size.height);
  const int shorter = std::min(size.width, size.height);
  const int new_longer =
      fit == ImageFit::crop ? std::max(1, static_cast<int>(shorter * max_aspect)) : longer;
  const int new_shorter =
      fit == ImageFit::crop ? shorter : static_cast<int>(std::ceil(longer / max_aspect));
  return is_wide ? FrameSize{new_longer, new_shorter} : FrameSize{new_shorter, new_longer};
}

// Rounding never increases the aspect ratio, so no limit is exceeded.
FrameSize scaled_within(FrameSize size, double factor) {
  constexpr double hair = 1e-6;
  const bool is_wide = size.width > size.height;
  const int longer = static_cast<int>(std::max(size.width, size.height) * factor + hair);
  const int shorter =
      static_cast<int>(std::ceil(std::min(size.width, size.height) * factor - hair));
  return is_wide ? FrameSize{longer, shorter} : FrameSize{shorter, longer};
}

struct Axis {
  int scaled = 0;
  int offset = 0;
  double part = 1;
};

Axis crop_axis(double cover, int canvas) {
  constexpr int most_overhang = 4;  // times the canvas
  const double kept = std::min(cover, static_cast<double>(most_overhang) * canvas);
  Axis axis{.scaled = rounded(kept), .part = kept / cover};
  axis.offset = (axis.scaled - canvas) / 2;
  return axis;
}

}  // namespace

FrameSize nearest_frame(FrameSize shown, const std::vector<FrameSize>& frames) {
  const auto distance = [&](FrameSize frame) {
    return std::abs(std::log(aspect_of(frame) / aspect_of(shown)));
  };
  return *std::min_element(frames.begin(), frames.end(), [&](FrameSize one, FrameSize other) {
    // The aspects of 1280x720 and 720x1280 are equally far from a square, but not in the last bit.
    constexpr double as_near = 1e-9;
    return distance(one) < distance(other) - as_near;
  });
}

FrameSize size_within(FrameSize shown, const PictureRules& rules, ImageFit fit) {
  auto size = with_allowed_aspect(shown, rules.max_aspect, fit);
  const int longer = std::max(size.width, size.height);
  if (longer > max_side)
    size = scaled_within(size, static_cast<double>(max_side) / longer);
  const int shorter = std::min(size.width, size.height);
  if (shorter < rules.min_side)
    size = scaled_within(size, static_cast<double>(rules.min_side) / shorter);
  return size;
}

bool is_within(FrameSize shown, const PictureRules& rules) {
  return std::min(shown.width, shown.height) >= rules.min_side &&
         (rules.max_aspect == 0 || oblongness(shown) <= rules.max_aspect);
}

// Sizes are rounded and offsets truncated, like ImageMagick's `-resize WxH^ -gravity center
// -extent`: the same pixels get the same positions.
Layout lay_out(FrameSize shown, FrameSize canvas, ImageFit fit) {
  const double by_width = static_cast<double>(canvas.width) / shown.width;
  const double by_height = static_cast<double>(canvas.height) / shown.height;
  Layout layout{.canvas = canvas};
  if (fit == ImageFit::pad) {
    layout.scaled = scaled_by(shown, std::min(by_width, by_height));
    layout.x = (canvas.width - layout.scaled.width) / 2;
    layout.y = (canvas.height - layout.scaled.height) / 2;
    return layout;
  }
  const double factor = std::max(by_width, by_height);
  const auto across = crop_axis(shown.width * factor, canvas.width);
  const auto down = crop_axis(shown.height * factor, canvas.height);
  return {canvas, {across.scaled, down.scaled}, across.offset, down.offset, across.part, down.part};
}

}  // namespace modelverse::picture
