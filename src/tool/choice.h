// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the entry that an argument names.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "store/cache.h"

namespace modelverse::tool {

struct Choice {
  std::string key;
  std::optional<store::EntrySummary> entry;  // empty: broken
};

// `name`: a key, the beginning of a key, or a task id. Errors: not_found; settings if several
// entries match (the text lists them).
Result<Choice> choose(const store::Listing& listing, const std::string& name);

}  // namespace modelverse::tool
