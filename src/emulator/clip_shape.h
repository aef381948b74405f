// SPDX-License-Identifier: LGPL-2.1-or-later
// How large the clip of a resolution is. But for the sizes by name no page says it.
#pragma once

#include <string>

#include "emulator/task_request.h"

namespace emulator {

// Fills in the request's sides, or its width and height where the size or the aspect fixes them.
void shape_clip(const ModelRow& model, const std::string& resolution, const std::string& aspect,
                TaskRequest& request);

}  // namespace emulator
