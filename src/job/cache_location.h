// SPDX-License-Identifier: LGPL-2.1-or-later
// The locked cache entry of a job.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "job/job_state.h"
#include "job/plan.h"
#include "store/cache.h"

namespace modelverse::job {

struct CacheLocation {
  std::unique_ptr<store::Entry> entry;
  std::string cache_dir;                  // that the entry is in
  std::optional<Error> write_error = {};  // why the entry could not be locked: it can only be read
  bool is_fresh = false;                  // its clip was finished while we waited for the lock
};

// Task id of the finished clip in the entry; empty when there is none.
std::string finished_task(const store::Entry& entry);

// The plan's entry, locked: waits while another job works on it, at most for task-timeout. In a
// cache directory that cannot be written an entry with a record can still be read. Without a record
// the request is refused (open_write), since a task id could not be kept.
Result<CacheLocation> find_cache_location(const Plan& plan, JobState& job_state, Clock& clock,
                                          const std::stop_token& stop);

}  // namespace modelverse::job
