// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that are transparent in places, as they are seen.
#pragma once

#include "picture-helper/pixels.h"

namespace modelverse::picture {

// Whether a pixel's colours are multiplied by its alpha already.
enum class Alpha { straight, premultiplied };

// Where it is transparent it shows white, as paper does and as most drawings are meant. In place.
// To be done before scaling: what is hidden must not bleed into what is seen.
void flatten(const PixbufPtr& pixels, Alpha alpha);

}  // namespace modelverse::picture
