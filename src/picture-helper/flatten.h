// SPDX-License-Identifier: LGPL-2.1-or-later
// Replaces transparency by a white background.
#pragma once

#include "picture-helper/pixels.h"

namespace modelverse::picture {

// Whether a pixel's colours are premultiplied by its alpha.
enum class Alpha { straight, premultiplied };

// Transparent areas become white, like paper, which suits most drawings. In place. Call before
// scaling: hidden colours must not bleed into visible ones.
void flatten(const PixbufPtr& pixels, Alpha alpha);

}  // namespace modelverse::picture
