// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the size of a HEIC or AVIF from its boxes: decoders report it only after decoding.
#pragma once

#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

// The size as shown: cropped and rotated by the picture's properties (ISO/IEC 23008-12).
std::optional<FrameSize> heif_size(std::string_view bytes);

// Whether the colours are premultiplied by alpha: libheif does not change them.
bool heif_is_premultiplied(std::string_view bytes);

}  // namespace modelverse::picture
