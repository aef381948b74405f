// SPDX-License-Identifier: LGPL-2.1-or-later
// The scaled picture in its frame.
#pragma once

#include "core/result.h"
#include "picture-helper/pixels.h"
#include "picture/fit.h"

namespace modelverse::picture {

// Crop: the middle of it. Pad: all of it, on a ground made of itself, enlarged and blurred. Black
// bars would be a hard edge that a model takes for a part of the scene and keeps; a ground of the
// picture's own colours is what it can go on with.
Result<PixbufPtr> put_on_canvas(PixbufPtr pixels, const Layout& layout, ImageFit fit);

}  // namespace modelverse::picture
