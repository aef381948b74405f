// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the size of each type of picture from its header. For HEIC and AVIF see heif.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

// Nothing: not a valid size of a picture.
std::optional<FrameSize> size_if_any(std::uint32_t width, std::uint32_t height);

// The size as stored, before rotation. Nothing: the header has no size.
std::optional<FrameSize> jpeg_size(std::string_view bytes);
std::optional<FrameSize> png_size(std::string_view bytes);
std::optional<FrameSize> webp_size(std::string_view bytes);
std::optional<FrameSize> gif_size(std::string_view bytes);
std::optional<FrameSize> bmp_size(std::string_view bytes);
std::optional<FrameSize> tiff_size(std::string_view bytes);

// True if every reader of JPEG shows it correctly: no CMYK, no Motion JPEG frame without tables.
bool is_plain_jpeg(std::string_view bytes);

}  // namespace modelverse::picture
