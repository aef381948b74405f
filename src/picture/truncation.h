// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether a picture was cut off, without decoding it.
#pragma once

#include <string_view>

namespace modelverse::picture {

// True where the end is certainly missing: a JPEG without its end marker, a PNG without IEND, a
// WebP or BMP shorter than it says. Bytes after the end are fine (phones append data), and so are
// types whose end cannot be known this way.
bool is_truncated(std::string_view bytes, std::string_view media_type);

}  // namespace modelverse::picture
