// SPDX-License-Identifier: LGPL-2.1-or-later
// The types of pictures that are known. Another type is another row, and a reader of its size.
#pragma once

#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

struct Format {
  std::string_view media_type;
  bool (*matches)(std::string_view bytes);  // by its first bytes
  std::optional<FrameSize> (*size_of)(std::string_view bytes);
  // Where its orientation is; null: its decoder turns it by itself, or it has none.
  std::string_view (*exif_of)(std::string_view bytes) = nullptr;
  // Null: cannot be known without decoding.
  bool (*is_truncated)(std::string_view bytes) = nullptr;
  // Null: always.
  bool (*is_plain)(std::string_view bytes) = nullptr;
  // What comes as it has edges and areas that JPEG would smear.
  bool is_lossless = false;
  // Debian's, with gdk-pixbuf's loader.
  std::string_view loader_package = "libgdk-pixbuf-2.0-0";
};

// Null: unknown.
const Format* find_format(std::string_view media_type);

}  // namespace modelverse::picture
