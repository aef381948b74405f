// SPDX-License-Identifier: LGPL-2.1-or-later
// The known types of pictures. A new type needs a row and a reader of its size.
#pragma once

#include <optional>
#include <string_view>

#include "core/picture_rules.h"

namespace modelverse::picture {

struct Format {
  std::string_view media_type;
  bool (*matches)(std::string_view bytes);  // by its first bytes
  std::optional<FrameSize> (*size_of)(std::string_view bytes);
  // Finds the EXIF data; null: the decoder rotates the picture, or the type has no orientation.
  std::string_view (*exif_of)(std::string_view bytes) = nullptr;
  // Null: unknown without decoding.
  bool (*is_truncated)(std::string_view bytes) = nullptr;
  // Null: always.
  bool (*is_plain)(std::string_view bytes) = nullptr;
  // Lossless pictures have edges and flat areas that JPEG would blur.
  bool is_lossless = false;
  // The Debian package of gdk-pixbuf's loader.
  std::string_view loader_package = "libgdk-pixbuf-2.0-0";
};

// Null: unknown.
const Format* find_format(std::string_view media_type);

}  // namespace modelverse::picture
