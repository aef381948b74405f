// SPDX-License-Identifier: LGPL-2.1-or-later
// A service that answers one job with 429 (too many requests) means all of them: the jobs of this
// process wait together before their next request to that origin.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/policy.h"

namespace modelverse::job {

class Pace {
 public:
  // `limits`: how long a job waits where the service does not say it.
  Pace(const std::string& url, RetryLimits limits);

  // A response to any job's request. Each 429 in a row doubles the wait; those to requests of
  // before the wait count as one. Any other response ends the row.
  void note(unsigned status, std::optional<std::chrono::seconds> retry_after, Clock::TimePoint now);
  // What is left of the wait, and as much again for random() near 1: the jobs do not all come back
  // at once. Zero: there is none.
  Clock::Duration wait(Clock::TimePoint now, const Random& random) const;

 private:
  const std::string origin_;
  const RetryLimits limits_;
};

}  // namespace modelverse::job
