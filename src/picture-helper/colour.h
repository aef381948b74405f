// SPDX-License-Identifier: LGPL-2.1-or-later
// Converts colours by a picture's ICC profile.
#pragma once

#include <string>

#include "core/request.h"
#include "picture-helper/pixels.h"

namespace modelverse::picture {

// The profile's bytes; empty if there is none. `decoded` is the picture as returned by its loader.
std::string icc_profile_of(const PictureBytes& picture, const PixbufPtr& decoded);

// Converts RGB in the profile's space to sRGB, in place. An unusable profile (neither RGB nor grey)
// changes nothing: the pixels of a CMYK picture have already been converted to RGB without it.
void convert_to_srgb(const PixbufPtr& pixels, const std::string& icc_profile);

}  // namespace modelverse::picture
