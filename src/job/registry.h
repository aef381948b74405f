// SPDX-License-Identifier: LGPL-2.1-or-later
// The jobs that live in this process: one for each key.
#pragma once

#include <memory>

#include "core/result.h"
#include "job/board.h"
#include "job/plan.h"
#include "job/story.h"

namespace modelverse::job {

struct Joined {
  std::shared_ptr<Board> board;
  bool is_complete = false;  // the clip was there when the reader came
};

// The board of the live job of the plan's key, or of a new one on its own thread. The caller has
// joined it as a reader and owes a leave().
Result<Joined> join_job(Plan plan, World world = real_world());

// How many jobs' threads are running; for tests that nothing is left behind.
unsigned running_jobs();

}  // namespace modelverse::job
