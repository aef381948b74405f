// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a job's entry is: in the cache directory, or in the refuge where that cannot be written.
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

struct Place {
  std::unique_ptr<store::Entry> entry;
  std::string cache_dir;         // that the entry is in
  std::string refuge;            // where to go on when the disk takes no record; empty: nowhere
  std::optional<Error> trouble;  // why the entry could not be locked: it can only be read
  bool is_fresh = false;         // its clip was finished while we waited for the lock
};

// Of the finished clip in the entry; empty where there is none.
std::string finished_task(const store::Entry& entry);

// /var/tmp/gst-modelverse-<uid>: survives a reboot, unlike /tmp and the runtime directory.
std::string default_refuge();

// The plan's entry, locked: waits while somebody else works on it. What an earlier run left in
// the refuge counts as if it stood in the cache directory, so that nothing is paid for again when
// that can be written again. A cache directory that cannot be written: what stands in it can still
// be read; where nothing does, the refuge, with a warning. Where that fails too the request is
// refused, since a task id could not be kept.
Result<Place> find_place(const Plan& plan, JobState& job_state, Clock& clock,
                         const std::string& refuge, const std::stop_token& stop);

// The disk did not take `record`, for the reason `why`: it is written in the refuge, which becomes
// the place, with a warning. False: there is no refuge, or another record stands in it.
bool move_to_refuge(Place& place, const Record& record, JobState& job_state, Error why);

}  // namespace modelverse::job
