// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in memory, as GStreamer's applications and pipelines have it.
#pragma once

#include <memory>

#include "core/request.h"
#include "core/result.h"

struct _GstSample;

namespace modelverse::picture {

// Bytes of an encoded image/*, recognised by themselves; or a frame of video/x-raw, whose
// media_type is then its caps in a form that is the same for the same pixels, wherever they came
// from, and whose planes lie packed. `orientation` is EXIF's, for raw frames, which cannot say it
// themselves. Errors: settings (nothing in it, too large), wrong_type.
Result<PictureBytes> load_sample(_GstSample* sample, int orientation = 1);

}  // namespace modelverse::picture
