// SPDX-License-Identifier: LGPL-2.1-or-later
// The entries of the cache as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/cache.h"

namespace modelverse::tool {

// "complete"; "running" and "submitting" while somebody works on it; "unfinished" where the task
// waits to be picked up; "unknown" where it is not known if a submit was accepted.
const char* status_word(const store::EntrySummary& entry);

// A heading and a line each, in columns, the last used first: key and prompt shortened. `now`: unix
// seconds, from which ages are counted.
std::string tasks_as_text(store::Listing listing, std::int64_t now);
// The same for programs: fields whole, a tab between them, sizes in bytes, times in unix seconds.
std::string tasks_as_tsv(store::Listing listing);
// The same as JSON, all that is known of each. Members that the elements' `stats` have too are
// called as there; those of an entry that is broken are `key` and `status` alone. `path` is that of
// a finished clip, null otherwise.
std::string tasks_as_json(store::Listing listing, const std::string& cache_dir, std::int64_t now);

}  // namespace modelverse::tool
