// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes a picture with gdk-pixbuf's loaders.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "picture-helper/flatten.h"
#include "picture-helper/pixels.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

// A JPEG more than twice as large as `wanted` is decoded smaller, by a power of two, at least twice
// `wanted`. For an animation: the first frame. Pixels are as stored: neither rotated nor converted.
HelperResult<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted);

// The EXIF orientation that remains after decoding of pixels stored with `orientation`: libtiff
// rotates some of them itself.
int remaining_orientation(const PixbufPtr& decoded, const PictureBytes& picture, int orientation);
Alpha alpha_of(const PictureBytes& picture);

// Whether a loader for this type is installed.
bool can_decode(const std::string& media_type);

}  // namespace modelverse::picture
