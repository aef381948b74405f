// SPDX-License-Identifier: LGPL-2.1-or-later
// The last frame of a clip.
#pragma once

#include <string>

#include "core/result.h"
#include "render/handles.h"

namespace modelverse::render {

// The last frame that can be decoded, as the decoder gives it: no scaling, no change of colours, so
// that the same clip always gives the same request. Error (wrong_type): none can be decoded. Blocks
// while it decodes.
Result<SamplePtr> last_frame(const std::string& path);

// A black frame of a usual size: to check a request whose first frame is not there yet.
SamplePtr stand_in_frame();

}  // namespace modelverse::render
