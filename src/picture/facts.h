// SPDX-License-Identifier: LGPL-2.1-or-later
// What a picture's headers tell, without decoding it.
#pragma once

#include <cstdint>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

// Frames from a pipeline: PictureBytes::media_type is their caps, whole.
inline constexpr std::string_view raw_type = "video/x-raw";
bool is_raw(const PictureBytes& picture);

struct Facts {
  FrameSize stored;  // pixels, before any turn
  int x = 0;         // where they begin in a raw frame that has more
  int y = 0;
  int orientation = 1;      // EXIF's: 1, upright, to 8
  double pixel_aspect = 1;  // a pixel's width / its height
  // Every reader of its type shows it right.
  bool is_plain = true;

  bool is_sideways() const { return orientation >= 5; }
  // As a person sees it.
  FrameSize shown() const;
};

inline FrameSize transposed(FrameSize size) {
  return {size.height, size.width};
}

inline std::uint64_t pixels_in(FrameSize size) {
  return static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height);
}

// "4000x3000"
std::string to_text(FrameSize size);

// ErrorCode::wrong_type where no size can be read.
Result<Facts> inspect(const PictureBytes& picture);

}  // namespace modelverse::picture
