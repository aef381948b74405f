// SPDX-License-Identifier: LGPL-2.1-or-later
// Forgetting an entry because a person says so.
#pragma once

#include <string>

#include "core/result.h"
#include "store/cache.h"
#include "tool/choice.h"

namespace modelverse::tool {

// The value says what went, and what stays where not all did; a finished clip that a forgotten task
// was to replace does. Refuses, as an Error of code settings
// whose text says what would be lost, what is more than a copy of a finished clip, unless
// `is_forced`; and always, with code open_write, what somebody works on now. Looks at the record
// again under the entry's lock: an element may have begun or finished something meanwhile.
Result<std::string> remove_entry(const store::Cache& cache, const Choice& choice, bool is_forced);

}  // namespace modelverse::tool
