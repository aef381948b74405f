// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels to JPEG, by TurboJPEG: gdk-pixbuf's saver always stores the colours at half the size.
#pragma once

#include "core/request.h"
#include "core/result.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// `has_full_colours`: stored at the full size (4:4:4), else at half (4:2:0). Alpha is not looked
// at.
Result<PictureBytes> save_jpeg(const PixbufPtr& pixels, int quality, bool has_full_colours);

}  // namespace modelverse::picture
