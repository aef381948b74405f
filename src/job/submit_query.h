// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the outcome of a submit whose response was lost, for models with a field for a client-side
// id.
#pragma once

#include <optional>

#include "core/result.h"
#include "core/task.h"
#include "job/job.h"

namespace modelverse::job {

// Queries the service for the task of the record's external_id, which is free, until it is found or
// the service reports at `proven_at` or later that there is no such task. Empty: the submit was not
// accepted. Errors: cancelled, or why the query failed.
Result<std::optional<TaskInfo>> find_submitted_task(Job& job, Clock::TimePoint proven_at);

// Asks once, without a job, with the API key and the base URL of the environment variables. Empty:
// the submit was not accepted. Errors: why nothing is proven, such as another service or account,
// or too early.
Result<std::optional<TaskInfo>> ask_for_submit(const Record& record,
                                               const JobEnvironment& environment);

}  // namespace modelverse::job
