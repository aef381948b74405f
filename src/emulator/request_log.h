// SPDX-License-Identifier: LGPL-2.1-or-later
// A received request in the log of GET /requests: everything except secrets and pictures.
#pragma once

#include "emulator/http.h"

namespace emulator {

// The caller sets `time`, `status` (0: none was sent), `rule` (of the script, -1: none) and, if it
// is known, `task_id`.
JsonObjectPtr describe(const HttpRequest& request, const std::string& route);
// Returns raw, bearer or none; sets `key` to the key alone.
std::string authorization_scheme(const std::string& header, std::string& key);
// A copy with every picture replaced by its digest.
JsonNodePtr without_pictures(JsonNode* node);

}  // namespace emulator
