// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks the bytes of a file or a `data:` URI.
#pragma once

#include <string>

#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

// `name` is the source's name in errors, in the user's language: "The file '/home/ann/photo.jpg'",
// "The data: URI in image-uri", "The picture in memory".
Result<PictureBytes> accept_bytes(std::string bytes, const std::string& name);
// Not a picture, or none that is supported.
Error wrong_type(std::string text, std::string debug);
Error too_large(const std::string& name, const std::string& debug);

}  // namespace modelverse::picture
