// SPDX-License-Identifier: LGPL-2.1-or-later
// When to ask again: the poll schedule and the retry back-off, as pure rules.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "core/clock.h"

namespace modelverse {

// Uniform in [0, 1).
using Random = std::function<double()>;
Random system_random();

// The first two polls come 2 s and 4 s after the submit, or after `interval` where that is shorter,
// the others every `interval`, all +-10 %.
class PollPolicy {
 public:
  PollPolicy(std::chrono::milliseconds interval, Random random);
  // How long to wait before the poll of this number, counted from 0, after the one before it.
  Clock::Duration wait_before(unsigned poll) const;

 private:
  std::chrono::milliseconds interval_;
  Random random_;
};

struct RetryLimits {
  int retries = 10;             // failures in a row, -1: no limit
  double backoff_factor = 0.5;  // s
  double backoff_max = 60;      // s
};

// Counts the failures in a row of one phase and says how long to wait after each.
class RetryBudget {
 public:
  RetryBudget(RetryLimits limits, Random random);
  // After one more failure: the wait before the next try, or nothing when the budget is spent.
  // Exponential with full jitter; `retry_after` (the server's wish) wins within the maximum.
  std::optional<Clock::Duration> next(std::optional<std::chrono::seconds> retry_after = {});
  // After any good response.
  void reset() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  RetryLimits limits_;
  Random random_;
  int failures_ = 0;
};

}  // namespace modelverse
