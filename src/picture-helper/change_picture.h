// SPDX-License-Identifier: LGPL-2.1-or-later
// What the helper is there for.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"
#include "picture/change.h"

namespace modelverse::picture {

// Decodes, scales, turns, converts and encodes, in this process. Of the change it needs the size
// and the fit. Errors: wrong_type, settings, failed.
Result<PictureBytes> change_picture(const PictureBytes& picture, const Change& change,
                                    const PictureRules& rules);

}  // namespace modelverse::picture
