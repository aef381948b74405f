// SPDX-License-Identifier: LGPL-2.1-or-later
// Content of the entry, and the work that remains.
#pragma once

#include <memory>
#include <optional>

#include "core/record.h"
#include "core/result.h"
#include "job/cache_location.h"
#include "job/job_state.h"
#include "job/plan.h"
#include "store/clip.h"

namespace modelverse::job {

struct Found {
  // `complete`: the record of the clip. `submitted`: a task to resume. `submitting`: a new task,
  // or, with an external_id, an earlier submit to query the service for.
  Record record;
  std::shared_ptr<store::Clip> clip = {};  // the finished clip; null: work remains
  // An earlier submit without a known outcome (resubmit, or external_id).
  std::optional<Record> unknown = {};
  bool is_written_down = true;  // the record is on disk
};

// Fails when the outcome of an earlier submit is unknown, and when the entry belongs to a task
// other than task-id.
Result<Found> look_up(const Plan& plan, JobState& job_state, CacheLocation& location);

}  // namespace modelverse::job
