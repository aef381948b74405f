// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoded bytes to pixels, by gdk-pixbuf's loaders.
#pragma once

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"
#include "picture-helper/flatten.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// A JPEG that is more than twice as large as `wanted` comes out smaller, by a power of two and not
// below twice `wanted`. Of an animation: the first frame. Pixels as they are stored: neither turned
// nor converted. Errors: wrong_type.
Result<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted);

// What the loaders leave undone. EXIF's orientation of pixels that were stored with `orientation`:
// libtiff turns some of them itself.
int remaining_orientation(const PixbufPtr& decoded, const PictureBytes& picture, int orientation);
Alpha alpha_of(const PictureBytes& picture);

// Whether there is a loader for this type on this machine.
bool can_decode(const std::string& media_type);
Error no_decoder(const std::string& media_type);
Error undecodable(const std::string& type, const std::string& why);

}  // namespace modelverse::picture
