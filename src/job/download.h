// SPDX-License-Identifier: LGPL-2.1-or-later
// Downloads a clip from its result link.
#pragma once

#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// Downloads the clip from the job's result link, or resumes an earlier download; readers can read
// it meanwhile. Renews an expired link. The job's clip is then complete, and checked to be an MP4.
// It is in the entry, or elsewhere if the disk failed. task-timeout does not apply here.
Status download(Job& job);

}  // namespace modelverse::job
