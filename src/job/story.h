// SPDX-License-Identifier: LGPL-2.1-or-later
// The life of one job from look-up to clip, in the order of ARCHITECTURE.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/policy.h"
#include "http/transport.h"
#include "job/job_state.h"
#include "job/plan.h"

namespace modelverse::job {

// What a test puts its own in place of.
struct JobEnvironment {
  std::shared_ptr<Clock> clock;
  Random random;
  std::function<Result<std::unique_ptr<http::Transport>>(http::TransportOptions)> make_transport;
};
JobEnvironment system_environment();

// Runs to the end, on the calling thread. The job_state says what came of it. The picture is let go
// when the task is submitted.
void run_story(Plan plan, JobState& job_state, const JobEnvironment& environment);

}  // namespace modelverse::job
