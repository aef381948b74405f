// SPDX-License-Identifier: LGPL-2.1-or-later
// Last step before the POST: converts the picture for the model.
#pragma once

#include "core/request.h"
#include "core/result.h"
#include "job/job.h"

namespace modelverse::job {

// The request to send: moved out of the plan, with its picture changed if that was decided. Warns
// of the change. Errors: those of picture::apply_change(), and of api::check_picture() for the
// changed picture.
Result<Request> prepare_request(Job& job);

}  // namespace modelverse::job
