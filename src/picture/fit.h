// SPDX-License-Identifier: LGPL-2.1-or-later
// Which size a picture gets, and which part of it is seen: arithmetic only.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"

namespace modelverse::picture {

// No model makes a video that is larger; what has to be encoded anew is not sent larger either.
inline constexpr int max_side = 4096;

// The allowed size whose aspect is nearest; the first of two that are as near. Contract: one at
// least.
FrameSize nearest_frame(FrameSize shown, const std::vector<FrameSize>& frames);

// The size within the limits of a model that takes any frame, as near as may be. Contract: `fit` is
// not none.
FrameSize size_within(FrameSize shown, const PictureRules& rules, ImageFit fit);

bool is_within(FrameSize shown, const PictureRules& rules);

// The canvas and what is put onto it. Scaled to cover it, the picture hangs over by `offset`
// (crop); to fit into it, it starts at `offset` (pad).
struct Layout {
  FrameSize canvas;
  FrameSize scaled;
  int x = 0;
  int y = 0;
  // The middle part of the shown picture that is scaled at all: a picture a hundred times as wide
  // as high is not blown up whole.
  double part_x = 1;
  double part_y = 1;
};
Layout lay_out(FrameSize shown, FrameSize canvas, ImageFit fit);

}  // namespace modelverse::picture
