// SPDX-License-Identifier: LGPL-2.1-or-later
// Asking for the task until it ends. Polls cost nothing, so they survive what they meet.
#pragma once

#include <string>

#include "core/result.h"
#include "job/context.h"

namespace modelverse::job {

// Waits for the task to end. The value is the result's link (url-index). On a failed task the
// entry is forgotten, so that running it again is a new submit; on every other error
// the record stays.
Result<std::string> wait_for_result(Context& context);

// One more link for a task that has succeeded: the old one has expired.
Result<std::string> renew_link(Context& context);

}  // namespace modelverse::job
