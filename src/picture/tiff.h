// SPDX-License-Identifier: LGPL-2.1-or-later
// The first directory of a TIFF, which is what EXIF is, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

inline constexpr std::uint32_t tiff_width = 0x0100;
inline constexpr std::uint32_t tiff_height = 0x0101;
inline constexpr std::uint32_t tiff_orientation = 0x0112;

// The value of a tag that holds one whole number. `tiff` begins with its byte order.
std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint32_t tag);

// What libtiff takes to decode a strip or a tile of a picture of this size, which the picture's own
// size does not bound. Nothing: it cannot be told.
std::optional<double> tiff_block_bytes(std::string_view tiff, FrameSize size);

}  // namespace modelverse::picture
