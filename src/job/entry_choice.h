// SPDX-License-Identifier: LGPL-2.1-or-later
// A place for the entry: the cache folder, or the refuge where that cannot be written.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "job/board.h"
#include "job/plan.h"
#include "store/cache.h"

namespace modelverse::job {

struct Choice {
  std::unique_ptr<store::Entry> entry;
  bool is_refuge = false;  // for the task's id only: no clip is kept there
};

// The entry of the plan's key, locked: waits while somebody else works on it. A cache folder that
// cannot be written is warned of and replaced by /var/tmp/gst-modelverse-<uid>; where that fails
// too the request is refused, since a task id could not be kept.
Result<Choice> lock_entry(const Plan& plan, Board& board, Clock& clock, std::stop_token stop);

}  // namespace modelverse::job
