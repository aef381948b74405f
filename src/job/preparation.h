// SPDX-License-Identifier: LGPL-2.1-or-later
// The last step before the POST: the picture as the model takes it.
#pragma once

#include "core/request.h"
#include "core/result.h"
#include "job/context.h"

namespace modelverse::job {

// The request that is sent: the plan's, its picture taken out of there, changed where that was
// decided, and announced.
// Errors: those of picture::apply_change(), and of
// api::check_picture() for what came out.
Result<Request> prepare_request(Context& context);

}  // namespace modelverse::job
