// SPDX-License-Identifier: LGPL-2.1-or-later
// Extracts the first frame of an animation, the picture to animate.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/picture_rules.h"
#include "picture-helper/pixels.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// A file of the same type with the first frame only. Loaders of animations read to the end, and the
// WebP loader keeps every decoded frame.
struct FirstFrame {
  std::string bytes;  // empty: an animation without a frame
  // The canvas and the frame's position on it; zero: the frame is the canvas.
  FrameSize canvas;
  int x = 0;
  int y = 0;
};

// Nothing: not an animation, or one that cannot be parsed.
std::optional<FirstFrame> first_frame_of(std::string_view bytes, std::string_view media_type);

// Puts the decoded frame at its position on the transparent canvas. Errors: the frame is
// larger than its canvas, which RFC 9649 (2.7.1.1) does not allow.
HelperResult<PixbufPtr> put_in_place(PixbufPtr pixels, const FirstFrame& frame);

}  // namespace modelverse::picture
