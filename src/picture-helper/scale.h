// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels to pixels: another size, another colour space, no alpha.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

struct Area {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// The area of it, by Lanczos with three lobes. Alpha is not looked at: see flatten().
Result<PixbufPtr> scaled(const PixbufPtr& pixels, const Area& area, FrameSize to);

// The same of a raw frame, which is flattened and whose colours are converted from what its caps
// say: range, matrix, subsampling.
Result<PixbufPtr> scaled_raw(const PictureBytes& raw, const Area& area, FrameSize to);

}  // namespace modelverse::picture
