// SPDX-License-Identifier: LGPL-2.1-or-later
// What a model wants of the picture that it is sent. Given out by the model's profile
// (api::picture_rules()), met or refused by whoever loads and fits the picture.
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

// A zero or an empty list is a limit that the model does not have.
struct PictureRules {
  std::vector<FrameSize> frame_sizes;    // the picture must have one of them exactly
  std::vector<std::string> media_types;  // "image/jpeg", ...; others must be encoded anew
  std::uint64_t max_bytes = 0;           // of the encoded picture, before any Base64
  int min_side = 0;                      // pixels; of the shorter side
  double max_aspect = 0;                 // longer side / shorter side, itself allowed
};

}  // namespace modelverse
