// SPDX-License-Identifier: LGPL-2.1-or-later
// Of an animation, what is animated anew: its first frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/picture_rules.h"
#include "core/result.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// A file of the same type that holds the first frame alone. The loaders of animations read on to
// the end, and the one of WebP keeps every frame decoded.
struct FirstFrame {
  std::string bytes;  // empty: an animation without a frame
  // Where it stands on which canvas; zero: it is the canvas.
  FrameSize canvas;
  int x = 0;
  int y = 0;
};

// Nothing: it is no animation, or not one whose parts can be told apart.
std::optional<FirstFrame> first_frame_of(std::string_view bytes, std::string_view media_type);

// The decoded frame in its place; around it the canvas is transparent. Errors: wrong_type (it is
// larger than its canvas, which RFC 9649 (2.7.1.1) does not have).
Result<PixbufPtr> put_in_place(PixbufPtr pixels, const FirstFrame& frame);

}  // namespace modelverse::picture
