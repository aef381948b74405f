// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs one job from look-up to clip, in the order of ARCHITECTURE.md.
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

// Dependencies that a test replaces.
struct JobEnvironment {
  std::shared_ptr<Clock> clock;
  Random random;
  std::function<Result<std::unique_ptr<http::Transport>>(http::TransportOptions)> make_transport;
};
JobEnvironment system_environment();

// Runs the job to its end on the calling thread. The result is in job_state. The picture is
// released after the submit.
void run_job(Plan plan, JobState& job_state, const JobEnvironment& environment);

}  // namespace modelverse::job
