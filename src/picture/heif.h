// SPDX-License-Identifier: LGPL-2.1-or-later
// The size of a HEIC or AVIF by its boxes: its decoders tell it only once they have decoded it.
#pragma once

#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

// As it is shown: cut and turned by the picture's own properties (ISO/IEC 23008-12).
std::optional<FrameSize> heif_size(std::string_view bytes);

// Whether its colours are multiplied by its alpha already: libheif hands them out as they are.
bool heif_is_premultiplied(std::string_view bytes);

}  // namespace modelverse::picture
