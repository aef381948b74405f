// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a still picture and recognises its type by its bytes.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

// No service accepts more; a larger file is refused before it is read.
inline constexpr std::size_t max_picture_bytes = 64u << 20;

// "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/heic",
// "image/avif" by the first bytes, or nothing.
std::optional<std::string> recognise(std::string_view bytes);

// Reads a local file. Never blocks on a FIFO or a device: only a regular file (or a symlink to one)
// is read. Errors: not_found, open_read, wrong_type (empty, truncated, not a picture), settings
// (too large), cancelled.
Result<PictureBytes> load_file(const std::string& path, std::stop_token stop);

// Whether the file is there. Errors: not_found, open_read.
Status check_file(const std::string& path);
// The path of a `file:` URI on this host. Errors: settings (another URI, or not a valid one).
Result<std::string> path_of_uri(const std::string& uri);

// Loads `image-uri`: http(s) gives an unchanged PictureLink; `file:` and `data:` are read here.
// Other schemes: ErrorCode::settings.
Result<RequestPicture> load_uri(const std::string& uri, std::stop_token stop);

}  // namespace modelverse::picture
