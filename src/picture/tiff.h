// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the first directory of a TIFF. EXIF data has the same format.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace modelverse::picture {

inline constexpr std::uint32_t tiff_width = 0x0100;
inline constexpr std::uint32_t tiff_height = 0x0101;
inline constexpr std::uint32_t tiff_orientation = 0x0112;

// The value of a tag with one integer. `tiff` begins with its byte order.
std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint32_t tag);

}  // namespace modelverse::picture
