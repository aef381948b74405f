// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit: the only step that costs money.
#pragma once

#include <chrono>

#include "core/result.h"
#include "core/settings.h"
#include "job/job.h"

namespace modelverse::job {

// Queries the service for the outcome of an earlier submit, if there is one to settle.
Status settle(Job& job);

// Submits the job's request once, and records the task before it returns. Repeats the POST only
// when it was provably not accepted. After an error, the record says `submitting` if the outcome is
// unknown, and is removed otherwise.
Status submit(Job& job);

// Longest duration of a submit: limit of the wait in exit().
std::chrono::seconds longest_submit(const Settings& settings);

// The error for an earlier submit whose outcome is unknown.
Error unknown_outcome(const std::string& why, SourceLocation origin = SourceLocation::current());

}  // namespace modelverse::job
