// SPDX-License-Identifier: LGPL-2.1-or-later
// What became of a submit whose response was lost, where the model has a field for an id of ours.
#pragma once

#include <optional>

#include "core/result.h"
#include "core/task.h"
#include "job/context.h"

namespace modelverse::job {

// Asks the service for the task of the record's external_id, which costs nothing, until it is there
// or the service knows no such task at `proven_at` or later. Nothing: the submit was not accepted.
// Errors: cancelled, or why the service could not be asked.
Result<std::optional<SubmitReceipt>> find_submitted_task(Context& context,
                                                         Clock::TimePoint proven_at);

}  // namespace modelverse::job
