// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the orientation from EXIF.
#pragma once

#include <string_view>

namespace modelverse::picture {

// The EXIF data of each type; empty if there is none.
std::string_view exif_of_jpeg(std::string_view bytes);
std::string_view exif_of_png(std::string_view bytes);
std::string_view exif_of_webp(std::string_view bytes);
// EXIF data has the format of a TIFF, so this is the whole file.
std::string_view exif_of_tiff(std::string_view bytes);

// 1 (upright) to 8, as in EXIF's tag 0x0112; 1 if it cannot be read.
int orientation_in(std::string_view exif);

}  // namespace modelverse::picture
