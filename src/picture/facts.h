// SPDX-License-Identifier: LGPL-2.1-or-later
// Facts from a picture's headers, without decoding it.
#pragma once

#include <cstdint>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

// Frames from a pipeline: PictureBytes::media_type contains their full caps.
inline constexpr std::string_view raw_type = "video/x-raw";
bool is_raw(const PictureBytes& picture);
// For a message: "image/png", "video/x-raw".
std::string type_name(const PictureBytes& picture);

struct Facts {
  FrameSize stored;  // pixels, before rotation
  int x = 0;         // offset of the visible part in a raw frame
  int y = 0;
  int orientation = 1;      // EXIF value: 1 (upright) to 8
  double pixel_aspect = 1;  // a pixel's width / its height
  // Every reader of its type shows it correctly.
  bool is_plain = true;

  bool is_sideways() const { return orientation >= 5; }
  // The size after rotation and pixel aspect.
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

// Errors: wrong_type (no size can be read).
Result<Facts> inspect(const PictureBytes& picture);

}  // namespace modelverse::picture
