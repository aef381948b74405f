// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes to picture: what a file and a `data:` URI have in common.
#pragma once

#include <string>

#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

// `name` is what a person calls it: "/home/ann/photo.jpg", "The data: URI".
Result<PictureBytes> accept_bytes(std::string bytes, const std::string& name);
Error too_large(const std::string& name, const std::string& debug);
Error cancelled();

}  // namespace modelverse::picture
