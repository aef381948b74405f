// SPDX-License-Identifier: LGPL-2.1-or-later
// The helper's task: changes a picture.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "picture/change.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// Decodes, scales, rotates, converts and encodes, in this process. Uses only the size and the fit
// of the change.
HelperResult<PictureBytes> change_picture(const PictureBytes& picture, const Change& change,
                                          const PictureRules& rules);

}  // namespace modelverse::picture
