// SPDX-License-Identifier: LGPL-2.1-or-later
// Which entry a person means.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "store/cache.h"

namespace modelverse::tool {

struct Choice {
  std::string key;
  std::optional<store::EntrySummary> entry;  // nothing: it is broken
};

// By a key, the beginning of one, or a task's id. Error: not_found where there is none, settings
// where it could be several (the text names them).
Result<Choice> choose(const store::Listing& listing, const std::string& name);

}  // namespace modelverse::tool
