// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in memory, as GStreamer's applications and pipelines have it.
#pragma once

#include <memory>

#include "core/request.h"
#include "core/result.h"

struct _GstSample;

namespace modelverse::picture {

// In a sample's info structure: EXIF's orientation of a raw frame, which cannot say it itself.
inline constexpr const char* orientation_field = "orientation";

// Bytes of an encoded image/*, recognised by themselves; or a frame of video/x-raw, whose
// media_type is then its caps in a form that is the same for the same pixels, wherever they came
// from, and whose planes lie packed. Errors: settings (nothing in it, too large), wrong_type.
Result<PictureBytes> load_sample(_GstSample* sample);

}  // namespace modelverse::picture
