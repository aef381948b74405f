// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/accept.h"

#include <utility>

#include "picture/formats.h"
#include "picture/picture.h"

namespace modelverse::picture {

Error wrong_type(std::string text, std::string debug) {
  return {.code = ErrorCode::wrong_type, .text = std::move(text), .debug = std::move(debug)};
}

Result<PictureBytes> accept_bytes(std::string bytes, const std::string& name) {
  if (bytes.empty())
    return wrong_type(name + " is empty: set a file that contains a picture.", "0 bytes");
  if (bytes.size() > max_picture_bytes)
    return too_large(name, std::to_string(bytes.size()) + " bytes");
  auto type = recognise(bytes);
  if (!type)
    return wrong_type(
        name + " is not a picture: use JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF.",
        "recognise: no known signature in " + std::to_string(bytes.size()) + " bytes");
  const auto* format = find_format(*type);
  if (format->is_truncated && format->is_truncated(bytes))
    return wrong_type(name + " is truncated: the end of the picture is missing. Copy it again.",
                      "is_truncated: " + *type + " of " + std::to_string(bytes.size()) + " bytes");
  return PictureBytes{*std::move(type), std::move(bytes)};
}

Error too_large(const std::string& name, const std::string& debug) {
  return settings_error(name + " is too large: the limit is " +
                            std::to_string(max_picture_bytes >> 20) + " MiB. Make it smaller.",
                        debug);
}

}  // namespace modelverse::picture
