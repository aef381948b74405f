// SPDX-License-Identifier: LGPL-2.1-or-later
// How large the clip of a resolution is. But for the sizes by name no page says it.
#pragma once

#include <string>

#include "emulator/model.h"

namespace emulator {

// Fills in the order's sides, or its width and height where the size or the aspect fixes them.
void shape_clip(const ModelRow& model, const std::string& resolution, const std::string& aspect,
                Order& order);

}  // namespace emulator
