// SPDX-License-Identifier: LGPL-2.1-or-later
// The poll schedule and the retry back-off, as pure rules.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "core/clock.h"

namespace modelverse {

// Uniform in [0, 1).
using Random = std::function<double()>;
Random system_random();

// The wait before poll `poll`, counted from 0, where an interval is set: the first two polls come 2
// s and 4 s after the submit, or after `interval` if that is shorter, the following ones every
// `interval`, all +-10 %.
Clock::Duration fixed_wait(std::chrono::milliseconds interval, unsigned poll, const Random& random);

// How long tasks of one kind take: log-normal.
struct TaskTimes {
  double median = 0;  // s
  double spread = 0;  // standard deviation of the logarithm
};
// From the times of earlier tasks in seconds, all above 0, else from the model's typical time,
// which is taken as uncertain.
TaskTimes expect_task_times(const std::vector<double>& earlier, double typical);

// The wait before the next poll, `elapsed` seconds after the submit, where no interval is set. The
// first poll comes after 2 s; then their rate is proportional to the square root of the hazard
// rate, the probability per second that a task which has not ended yet ends now. For given polls
// this has the shortest lag (Barlow, Hunter and Proschan, 1963). Never less than 1 s or more than
// 10 s.
Clock::Duration automatic_wait(const TaskTimes& times, double elapsed);

struct RetryLimits {
  int retries = 10;                   // consecutive failures of one phase, -1: no limit
  double retry_backoff_factor = 0.5;  // s
  double retry_backoff_max = 60;      // s
  bool operator==(const RetryLimits&) const = default;
};

// The longest wait after so many failures in a row: exponential, or `retry_after` (from the server)
// where that is more than zero; up to the maximum.
Clock::Duration backoff(const RetryLimits& limits, int failures,
                        std::optional<std::chrono::seconds> retry_after);

// Counts consecutive failures of one phase and computes the wait after each.
class RetryBudget {
 public:
  RetryBudget(RetryLimits limits, Random random);
  // After one more failure: the wait before the next try; empty when the budget is spent.
  // Of backoff(), with full jitter unless the server has said how long.
  std::optional<Clock::Duration> next(std::optional<std::chrono::seconds> retry_after = {});
  // After each successful response.
  void reset() { failures_ = 0; }

 private:
  RetryLimits limits_;
  Random random_;
  int failures_ = 0;
};

}  // namespace modelverse
