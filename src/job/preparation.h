// SPDX-License-Identifier: LGPL-2.1-or-later
// Last step before the POST: converts the pictures for the model.
#pragma once

#include "core/request.h"
#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// The request to send: moved out of the plan, with its pictures changed where that was decided.
// Warns of each change. Errors: those of picture::apply_change(), and of api::check_pictures() for
// the changed request.
Result<Request> prepare_request(Job& job);

}  // namespace modelverse::job
