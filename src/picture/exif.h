// SPDX-License-Identifier: LGPL-2.1-or-later
// The one thing that EXIF is asked for: which way up.
#pragma once

#include <string_view>

namespace modelverse::picture {

// Where each type keeps EXIF; empty where there is none.
std::string_view exif_of_jpeg(std::string_view bytes);
std::string_view exif_of_png(std::string_view bytes);
std::string_view exif_of_webp(std::string_view bytes);
// A TIFF's first directory is what EXIF's is.
std::string_view exif_of_tiff(std::string_view bytes);

// 1 (upright) to 8, as in EXIF's tag 0x0112; 1 where it cannot be read.
int orientation_in(std::string_view exif);

}  // namespace modelverse::picture
