// SPDX-License-Identifier: LGPL-2.1-or-later
// A model's requirements for the picture. Provided by the model's profile (api::picture_rules()),
// applied where the picture is loaded and fitted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace modelverse {

struct FrameSize {
  int width = 0;
  int height = 0;
  bool operator==(const FrameSize&) const = default;
};

// Zero or an empty list: no limit.
struct PictureRules {
  std::vector<FrameSize> frame_sizes;    // the picture must have one of them exactly
  std::vector<std::string> media_types;  // "image/jpeg", ...; other types are re-encoded
  std::uint64_t max_bytes = 0;           // of the encoded picture, before any Base64
  int min_side = 0;                      // pixels; of the shorter side
  double max_aspect = 0;                 // longer side / shorter side, itself allowed
  double max_frames_ratio = 0;           // a side of the first frame / that of the last, or inverse
};

}  // namespace modelverse
