// SPDX-License-Identifier: LGPL-2.1-or-later
// The entries of the cache as text.
#pragma once

#include <string>
#include <vector>

#include "store/cache.h"

namespace modelverse::tool {

// "complete"; "running" and "submitting" while somebody works on it; "unfinished" where the task
// waits to be picked up; "unknown" where it is not known if a submit was accepted.
const char* status_word(const store::EntrySummary& entry);

// A heading and a line each, in columns, the last used first: key and prompt shortened.
std::string tasks_as_text(std::vector<store::EntrySummary> entries);
// The same for programs: fields whole, a tab between them, sizes in bytes, times in unix seconds.
std::string tasks_as_tsv(std::vector<store::EntrySummary> entries);

}  // namespace modelverse::tool
