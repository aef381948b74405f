// SPDX-License-Identifier: LGPL-2.1-or-later
// Formats the cache entries as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "glib/columns.h"
#include "store/cache.h"

namespace modelverse::tool {

using Entries = std::vector<store::EntrySummary>;

// For programs; translated where it is shown. "complete"; "running" and "submitting" while the
// entry is locked; "unfinished" for a task that can be resumed; "unknown" if it is unknown whether
// a submit was accepted; "abandoned" where a process ended before its submit; "broken" where the
// record cannot be read.
const char* status_word(const store::EntrySummary& entry);

// The last used first, and at the end those that are broken.
Entries in_order(Entries entries);

// A heading and one line per entry, in columns; key and prompt shortened. What does not fit into
// `columns` is left out. `now`: unix seconds, the reference for ages.
std::string tasks_as_text(const Entries& entries, std::int64_t now,
                          std::size_t columns = any_width);
// The same for programs: complete fields separated by tabs, sizes in bytes, times in unix seconds.
std::string tasks_as_tsv(const Entries& entries);
// The same as JSON, with all fields. Members that are also in the elements' `stats` have the same
// names; a broken entry has only `key` and `status`. `path` is that of a finished clip, null
// otherwise.
std::string tasks_as_json(const Entries& entries, const std::string& cache_dir, std::int64_t now);

}  // namespace modelverse::tool
