// SPDX-License-Identifier: LGPL-2.1-or-later
// Last step before the POST: checks the cost, and converts the pictures for the model.
#pragma once

#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// If the job submits: changes the plan's pictures where that was decided, and warns of each change.
// Errors: those of check_cost(), of picture::apply_change(), and of api::check_pictures() for the
// changed pictures.
Status prepare(Job& job);

}  // namespace modelverse::job
