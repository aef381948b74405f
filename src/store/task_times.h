// SPDX-License-Identifier: LGPL-2.1-or-later
// How long the latest tasks took, in a file for each service, model, resolution and duration:
// `times/<SHA-256>` in the cache directory. A job reads this one file; reading the entries' records
// would cost more with each of them.
//
// One line for each task, the latest last: its submit and finish time. Of two processes that add at
// the same moment, the time of one may be lost. A missing or damaged file is no history.
#pragma once

#include <string>
#include <vector>

#include "core/record.h"

namespace modelverse::store {

// Seconds, the latest last, of tasks of the same kind as `like`.
std::vector<double> read_task_times(const std::string& cache_dir, const Record& like);
// Adds a task that has ended, once. Ignores one without times, and errors.
void add_task_time(const std::string& cache_dir, const Record& task);

}  // namespace modelverse::store
