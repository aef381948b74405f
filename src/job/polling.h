// SPDX-License-Identifier: LGPL-2.1-or-later
// Polls the task until it ends. Polls are free, so they are retried after errors.
#pragma once

#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// Waits for the task to end, and gets the result link at url-index. For a failed task the entry is
// removed, so that a repeated request submits again; on every other error the record stays. Does
// nothing if an earlier run has downloaded the clip: the service may have deleted the task.
Status poll(Job& job);

// Gets a new link for a task that has succeeded, after the old one has expired.
Status renew_link(Job& job);

}  // namespace modelverse::job
