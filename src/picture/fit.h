// SPDX-License-Identifier: LGPL-2.1-or-later
// Calculates the size of the changed picture and its visible part.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"

namespace modelverse::picture {

// No model makes a larger video, so a picture that is encoded again is not sent larger.
inline constexpr int max_side = 4096;

// The allowed size with the nearest aspect ratio; the first of equals. Precondition: at least one
// size.
FrameSize nearest_frame(FrameSize shown, const std::vector<FrameSize>& frames);

// The nearest size within the limits of a model that accepts any frame. Precondition: `fit` is not
// none.
FrameSize size_within(FrameSize shown, const PictureRules& rules, ImageFit fit);

bool is_within(FrameSize shown, const PictureRules& rules);

// The canvas and the picture on it. crop: the picture covers the canvas and exceeds it by (x, y).
// pad: the picture fits into the canvas and starts at (x, y).
struct Layout {
  FrameSize canvas;
  FrameSize scaled;
  int x = 0;
  int y = 0;
  // The central part of the picture that is scaled: for a picture a hundred times as wide as high,
  // not the whole of it.
  double part_x = 1;
  double part_y = 1;
};
Layout lay_out(FrameSize shown, FrameSize canvas, ImageFit fit);

}  // namespace modelverse::picture
