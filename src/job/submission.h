// SPDX-License-Identifier: LGPL-2.1-or-later
// The one step that costs money.
#pragma once

#include <chrono>

#include "core/result.h"
#include "core/settings.h"
#include "job/context.h"

namespace modelverse::job {

// Prepares the plan's request, then begins the phase, submits once and writes the task down before
// it returns. Repeats the POST only where it was provably not accepted. When it returns an error,
// the record says `submitting` if the outcome is not known, and is gone otherwise.
Status submit(Context& context);

// How long a submit under way may take: exit() waits for it no longer.
std::chrono::seconds longest_submit(const Settings& settings);

// The error of a request whose earlier submit has no known outcome.
Error unknown_outcome(const std::string& why);

}  // namespace modelverse::job
