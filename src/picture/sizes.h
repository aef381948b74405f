// SPDX-License-Identifier: LGPL-2.1-or-later
// The size of each type of picture, from its own header. That of HEIC and AVIF: heif.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

// Nothing: no size that a picture can have.
std::optional<FrameSize> size_if_any(std::uint32_t width, std::uint32_t height);

// As it is stored, before any turn. Nothing: the header does not say.
std::optional<FrameSize> jpeg_size(std::string_view bytes);
std::optional<FrameSize> png_size(std::string_view bytes);
std::optional<FrameSize> webp_size(std::string_view bytes);
std::optional<FrameSize> gif_size(std::string_view bytes);
std::optional<FrameSize> bmp_size(std::string_view bytes);
std::optional<FrameSize> tiff_size(std::string_view bytes);

// Every reader of JPEG shows it right: no CMYK, no frame of Motion JPEG without its tables.
bool is_plain_jpeg(std::string_view bytes);

}  // namespace modelverse::picture
