// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the entry that an argument names.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "store/cache.h"

namespace modelverse::tool {

// `name`: a key, the beginning of a key, or a task id. Errors: not_found; settings if several
// entries match (the text lists them).
Result<store::EntrySummary> choose(const std::vector<store::EntrySummary>& entries,
                                   const std::string& name);

}  // namespace modelverse::tool
