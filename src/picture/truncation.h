// SPDX-License-Identifier: LGPL-2.1-or-later
// Detects a truncated picture without decoding it.
#pragma once

#include <string_view>

namespace modelverse::picture {

// True if the end is certainly missing: a JPEG without its end marker, a PNG without IEND, a WebP
// or BMP shorter than its header says. Bytes after the end are allowed (phones append data).
bool is_truncated_jpeg(std::string_view bytes);
bool is_truncated_png(std::string_view bytes);
bool is_truncated_webp(std::string_view bytes);
bool is_truncated_bmp(std::string_view bytes);

}  // namespace modelverse::picture
