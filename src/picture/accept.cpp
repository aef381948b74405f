// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/accept.h"

#include <utility>

#include "glib/text.h"
#include "picture/formats.h"
#include "picture/picture.h"

namespace modelverse::picture {

Error wrong_type(std::string text, std::string debug) {
  return {.code = ErrorCode::wrong_type, .text = std::move(text), .debug = std::move(debug)};
}

Result<PictureBytes> accept_bytes(std::string bytes, const std::string& name) {
  if (bytes.empty())
    return wrong_type(
        // TRANSLATORS: "The file 'photo.jpg' is empty", "The picture in memory is empty"
        format_text(_("%s is empty: set a file that contains a picture."), name.c_str()),
        "0 bytes");
  if (bytes.size() > max_picture_bytes)
    return too_large(name, std::to_string(bytes.size()) + " bytes");
  auto type = recognise(bytes);
  if (!type)
    return wrong_type(
        format_text(_("%s is not a picture: use JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF."),
                    name.c_str()),
        "recognise: no known signature in " + std::to_string(bytes.size()) + " bytes");
  const auto* format = find_format(*type);
  if (format->is_truncated && format->is_truncated(bytes))
    return wrong_type(
        format_text(_("%s is truncated: the end of the picture is missing. Copy it again."),
                    name.c_str()),
        "is_truncated: " + *type + " of " + std::to_string(bytes.size()) + " bytes");
  return PictureBytes{*std::move(type), std::move(bytes)};
}

Error too_large(const std::string& name, const std::string& debug) {
  return settings_error(format_text(_("%s is too large: the limit is %d MiB. Make it smaller."),
                                    name.c_str(), static_cast<int>(max_picture_bytes >> 20)),
                        debug);
}

}  // namespace modelverse::picture
