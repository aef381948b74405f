// SPDX-License-Identifier: LGPL-2.1-or-later
// The first phase: locks the entry, reads it, and decides what work remains.
#pragma once

#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// Fills in the job's entry, record, and clip if there is a finished one; without a clip, also the
// pass of the job gate. Where a submit is needed, or its outcome unknown, the entry is claimed for
// this job (store/claim.h). Waits while another job works on the entry, at most for task-timeout.
//
// In a cache directory that cannot be written an entry with a record can still be read. Without a
// record the request is refused (open_write), since a task id could not be kept. Also refused: an
// earlier submit with an unknown outcome, and an entry of a task other than task-id.
Status look_up(Job& job);

}  // namespace modelverse::job
