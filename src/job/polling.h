// SPDX-License-Identifier: LGPL-2.1-or-later
// Polls the task until it ends. Polls are free, so they are retried after errors.
#pragma once

#include <string>

#include "core/result.h"
#include "job/context.h"

namespace modelverse::job {

// Waits for the task to end. The value is the result link at url-index. For a failed task the entry
// is removed, so that a repeated request submits again; on every other error the record stays.
Result<std::string> wait_for_result(Context& context);

// A new link for a task that has succeeded, after the old one has expired.
Result<std::string> renew_link(Context& context);

}  // namespace modelverse::job
