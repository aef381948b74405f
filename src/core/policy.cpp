// SPDX-License-Identifier: LGPL-2.1-or-later
// The poll schedule and the retry back-off.
#include "core/policy.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <utility>

namespace modelverse {

namespace {

Clock::Duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Random system_random() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

PollPolicy::PollPolicy(std::chrono::milliseconds interval, Random random)
    : interval_(interval), random_(std::move(random)) {}

Clock::Duration PollPolicy::wait_before(unsigned poll) const {
  // 2 s before the first, 2 s more before the second: 2 s and 4 s after the submit.
  const std::chrono::milliseconds early(2000);
  const auto plain = poll < 2 ? std::min(early, interval_) : interval_;
  const double jitter = 0.9 + 0.2 * random_();
  return from_seconds(std::chrono::duration<double>(plain).count() * jitter);
}

RetryBudget::RetryBudget(RetryLimits limits, Random random)
    : limits_(limits), random_(std::move(random)) {}

std::optional<Clock::Duration> RetryBudget::next(std::optional<std::chrono::seconds> retry_after) {
  ++failures_;
  if (limits_.retries >= 0 && failures_ > limits_.retries)
    return std::nullopt;
  // Beyond 2^30 the maximum applies; the bound keeps the power finite.
  const int exponent = std::min(failures_ - 1, 30);
  const double ceiling =
      std::min(limits_.backoff_max, std::ldexp(limits_.backoff_factor, exponent));
  // Zero, or a date in the past from a clock that is behind ours: keeps the back-off, to avoid a
  // flood of requests.
  if (retry_after && *retry_after > std::chrono::seconds::zero())
    return from_seconds(std::min<double>(limits_.backoff_max, retry_after->count()));
  return from_seconds(ceiling * random_());
}

}  // namespace modelverse
