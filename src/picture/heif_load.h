// SPDX-License-Identifier: LGPL-2.1-or-later
// What decoding a HEIC or AVIF takes, by the headers of all that is decoded for it.
#pragma once

#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

struct HeifLoad {
  FrameSize largest;  // of the coded pictures and the canvases that they are put on
  // Of all coded pictures together, as often as each is decoded; those of more than 8 bits twice.
  double pixels = 0;
};

// Nothing: it cannot be told.
std::optional<HeifLoad> heif_load(std::string_view bytes);

}  // namespace modelverse::picture
