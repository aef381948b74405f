// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts the scaled picture on its canvas.
#pragma once

#include "picture-helper/pixels.h"
#include "picture/fit.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// Crop: the centre of the picture. Pad: the whole picture on a background made of it, enlarged and
// blurred. A model treats the hard edge of black bars as part of the scene and keeps it; it can
// continue a background in the picture's colours.
HelperResult<PixbufPtr> put_on_canvas(PixbufPtr pixels, const Layout& layout, ImageFit fit);

}  // namespace modelverse::picture
