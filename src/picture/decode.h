// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoded bytes to pixels, by gdk-pixbuf's loaders.
#pragma once

#include <stop_token>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"
#include "picture/flatten.h"
#include "picture/pixels.h"

namespace modelverse::picture {

// A decoded picture has at most this many: 512 MiB of memory, and a bound on what hostile bytes can
// ask for. A JPEG may have more, since it is decoded smaller.
inline constexpr std::uint64_t max_pixels = std::uint64_t{128} << 20;
// A scaler's table has six weights for each pixel of a side, however few are wanted.
inline constexpr int max_decoded_side = 1 << 18;
bool is_too_large(FrameSize size);

// A JPEG that is more than twice as large as `wanted` comes out smaller, by a power of two and not
// below twice `wanted`. Of an animation: the first frame. Pixels as they are stored: neither turned
// nor converted. Errors: wrong_type, settings (too many pixels), cancelled.
Result<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted, std::stop_token stop);

// What the loaders leave undone. EXIF's orientation of pixels that were stored with `orientation`:
// libtiff turns some of them itself.
int remaining_orientation(const PixbufPtr& decoded, const PictureBytes& picture, int orientation);
Alpha alpha_of(const PictureBytes& picture);

// Whether there is a loader for this type on this machine.
bool can_decode(const std::string& media_type);
Error no_decoder(const std::string& media_type);
Error too_many_pixels(FrameSize size);
Error undecodable(const std::string& type, const std::string& why);

}  // namespace modelverse::picture
