// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands in the entry, and what is left to do.
#pragma once

#include <memory>
#include <optional>

#include "core/record.h"
#include "core/result.h"
#include "job/job_state.h"
#include "job/place.h"
#include "job/plan.h"
#include "store/clip.h"

namespace modelverse::job {

struct Found {
  // Of the clip; `submitted`: of the task to go on with; `submitting`: a new one, or with an
  // external_id an earlier submit that the service is to be asked for.
  Record record;
  std::shared_ptr<store::Clip> clip = {};  // finished: there is nothing left to do
  // An earlier submit without a known outcome (resubmit, or external_id).
  std::optional<Record> unknown = {};
  bool is_written_down = true;  // the disk knows the record's task
};

// Refuses where a submit may be under way that nobody knows of, and where the entry is another
// task's than the one that was asked for.
Result<Found> look_up(const Plan& plan, JobState& job_state, Place& place);

}  // namespace modelverse::job
