// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON as it is shown: without the pictures in it.
#pragma once

#include <json-glib/json-glib.h>

#include "emulator/handles.h"

namespace emulator {

// A copy in which each picture's bytes are replaced by their digest, length, type and form.
JsonNodePtr without_pictures(JsonNode* node);

}  // namespace emulator
