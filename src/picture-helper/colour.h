// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours as a picture's ICC profile means them.
#pragma once

#include <string>

#include "core/request.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// The profile's bytes; empty where there is none. `decoded` is the picture as its loader handed it
// out.
std::string icc_profile_of(const PictureBytes& picture, const PixbufPtr& decoded);

// RGB in the profile's space becomes sRGB, in place. A profile that cannot be used (not RGB and not
// grey: the pixels of a CMYK picture are RGB already, without it) changes nothing.
void convert_to_srgb(const PixbufPtr& pixels, const std::string& icc_profile);

}  // namespace modelverse::picture
