// SPDX-License-Identifier: LGPL-2.1-or-later
// Encodes pixels as the bytes to send.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "picture-helper/pixels.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// Qualities of a JPEG, unless the model's limit of bytes requires less: of an exact frame, and of a
// picture that the service scales to a frame. Both are stored with full chroma (4:4:4).
inline constexpr int frame_quality = 98;
inline constexpr int jpeg_quality = 95;

// PNG if `is_lossless`, else JPEG. To meet the model's limit of bytes, JPEG with decreasing
// quality, then decreasing size. For a model with exact sizes, the size is never reduced.
HelperResult<PictureBytes> encode(PixbufPtr pixels, bool is_lossless, const PictureRules& rules);

}  // namespace modelverse::picture
