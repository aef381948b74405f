// SPDX-License-Identifier: LGPL-2.1-or-later
// Encodes JPEG with TurboJPEG: gdk-pixbuf always stores half the chroma (4:2:0).
#pragma once

#include "core/request.h"
#include "picture-helper/pixels.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// `has_full_colours`: full chroma (4:4:4), else half (4:2:0). Ignores alpha.
HelperResult<PictureBytes> save_jpeg(const PixbufPtr& pixels, int quality, bool has_full_colours);

}  // namespace modelverse::picture
