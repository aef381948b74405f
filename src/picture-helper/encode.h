// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels to the bytes that are sent.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// Of a JPEG, unless the model's limit asks for less: of the very frame that is animated, and of a
// picture that the service makes a frame of. Their colours are stored at full size (4:4:4).
inline constexpr int frame_quality = 98;
inline constexpr int jpeg_quality = 95;

// PNG where `is_lossless`, else JPEG; JPEG of less and less quality, then of less and less size,
// where the model's limit of bytes asks for it. A model that wants one size gets that size or
// nothing.
Result<PictureBytes> encode(PixbufPtr pixels, bool is_lossless, const PictureRules& rules);

}  // namespace modelverse::picture
