// SPDX-License-Identifier: LGPL-2.1-or-later
// The one thing that EXIF is asked for: which way up.
#pragma once

#include <string_view>

namespace modelverse::picture {

// 1 (upright) to 8, as in EXIF's tag 0x0112, wherever the type keeps EXIF; 1 where it cannot be
// read. HEIC and AVIF are 1: their turns are a property of the picture itself, which its decoder
// applies.
int exif_orientation(std::string_view bytes, std::string_view media_type);

}  // namespace modelverse::picture
