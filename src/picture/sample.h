// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in a GstSample, from an application or a pipeline.
#pragma once

#include "core/request.h"
#include "core/result.h"

struct _GstSample;

namespace modelverse::picture {

// Field of a sample's info structure: the EXIF orientation of a raw frame.
inline constexpr const char* orientation_field = "orientation";

// Loads an encoded image/*, recognised by its bytes, or a frame of video/x-raw. The media_type of a
// frame is its caps in a normal form, equal for equal pixels from any source; its planes are
// packed. Errors: settings (empty, too large), wrong_type.
Result<PictureBytes> load_sample(_GstSample* sample);

}  // namespace modelverse::picture
