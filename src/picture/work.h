// SPDX-License-Identifier: LGPL-2.1-or-later
// What decoding would take, by what the picture holds and not by the size that it claims.
#pragma once

#include <optional>

#include "core/request.h"
#include "core/result.h"
#include "picture/first_frame.h"

namespace modelverse::picture {

// `first`: what the loader is given in place of the picture. Errors: wrong_type, settings.
Status check_work(const PictureBytes& picture, const std::optional<FirstFrame>& first);

}  // namespace modelverse::picture
