// SPDX-License-Identifier: LGPL-2.1-or-later
// What the decoder of a HEIC or AVIF is asked for by the coded pictures in it, whatever the boxes
// around them say: libheif 1.15 lets it have the size that the coded picture's own header tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

struct Coded {
  FrameSize size;              // the largest that is told
  std::uint64_t pictures = 0;  // of this size, that the decoder may hold at once
  bool is_deep = false;        // more than 8 bits, which are kept as 16
};

// `config` is the payload of an item's hvcC or av1C, `data` the item's bytes. Nothing: no size can
// be read.
std::optional<Coded> hevc_coded(std::string_view config, std::string_view data);
std::optional<Coded> av1_coded(std::string_view config, std::string_view data);

}  // namespace modelverse::picture
