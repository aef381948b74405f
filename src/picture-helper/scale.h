// SPDX-License-Identifier: LGPL-2.1-or-later
// Scales pixels, and converts raw frames to RGB.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "picture-helper/pixels.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

struct Area {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// Scales the area with a three-lobe Lanczos filter. Ignores alpha: see flatten().
HelperResult<PixbufPtr> scaled(const PixbufPtr& pixels, const Area& area, FrameSize to);

// The same for a raw frame. Also flattens it and converts its colours according to its caps: range,
// matrix, subsampling.
HelperResult<PixbufPtr> scaled_raw(const PictureBytes& raw, const Area& area, FrameSize to);

}  // namespace modelverse::picture
