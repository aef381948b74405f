// SPDX-License-Identifier: LGPL-2.1-or-later
// Formats the cache entries as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "glib/columns.h"
#include "glib/text.h"
#include "store/cache.h"

namespace modelverse::tool {

// For programs; translated where it is shown. "complete"; "running" and "submitting" while the
// entry is locked; "unfinished" for a task that can be resumed; "unknown" if it is unknown whether
// a submit was accepted; "abandoned" where a process ended before its submit.
const char* status_word(const store::EntrySummary& entry);
// Of an entry that cannot be read.
inline constexpr const char* broken_word = N_("broken");

// A heading and one line per entry, in columns, the last used first; key and prompt shortened. What
// does not fit into `columns` is left out. `now`: unix seconds, the reference for ages.
std::string tasks_as_text(store::Listing listing, std::int64_t now,
                          std::size_t columns = any_width);
// The same for programs: complete fields separated by tabs, sizes in bytes, times in unix seconds.
std::string tasks_as_tsv(store::Listing listing);
// The same as JSON, with all fields. Members that are also in the elements' `stats` have the same
// names; a broken entry has only `key` and `status`. `path` is that of a finished clip, null
// otherwise.
std::string tasks_as_json(store::Listing listing, const std::string& cache_dir, std::int64_t now);

}  // namespace modelverse::tool
