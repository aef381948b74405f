// SPDX-License-Identifier: LGPL-2.1-or-later
// Removes an entry on a user's request.
#pragma once

#include <string>

#include "core/result.h"
#include "store/cache.h"

namespace modelverse::tool {

// The value reports what was removed and what remains; a finished clip that the removed task was to
// replace remains. Without `is_forced`, refuses to remove anything but a finished clip: an Error of
// code settings whose text describes the loss. Always refuses a locked entry (open_write). Reads
// the record again under the entry's lock: it may have changed meanwhile.
Result<std::string> remove_entry(const store::Cache& cache, const store::EntrySummary& choice,
                                 bool is_forced);

}  // namespace modelverse::tool
