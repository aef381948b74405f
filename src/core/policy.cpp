// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/policy.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <random>
#include <utility>

namespace modelverse {

namespace {

Clock::Duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::Duration>(std::chrono::duration<double>(seconds));
}

// One task in ten is taken from a wide log-logistic distribution, in which one in 17 takes twice
// the median: for times that have changed since the earlier tasks, and for tasks that are stuck.
double hazard_rate(const TaskTimes& times, double elapsed) {
  constexpr double wide = 0.1, shape = 4;
  const double spread = std::max(times.spread, 0.02);
  const double deviation = std::log(elapsed / times.median) / spread;
  const double odds = std::pow(elapsed / times.median, shape);
  const double left = (1 - wide) * std::erfc(deviation / std::numbers::sqrt2) / 2;
  const double wide_left = wide / (1 + odds);
  const double density = (1 - wide) * std::exp(-deviation * deviation / 2) /
                         (spread * elapsed * std::sqrt(2 * std::numbers::pi));
  const double wide_density = wide_left * shape / elapsed * odds / (1 + odds);
  return (density + wide_density) / (left + wide_left);
}

// Zero, or a date in the past from a clock that is behind ours, does not: a flood of requests
// would follow.
bool asks_to_wait(std::optional<std::chrono::seconds> retry_after) {
  return retry_after && *retry_after > std::chrono::seconds::zero();
}

}  // namespace

Random system_random() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

Clock::Duration fixed_wait(std::chrono::milliseconds interval, unsigned poll,
                           const Random& random) {
  const std::chrono::milliseconds early(2000);
  const auto plain = poll < 2 ? std::min(early, interval) : interval;
  const double jitter = 0.9 + 0.2 * random();
  return from_seconds(std::chrono::duration<double>(plain).count() * jitter);
}

TaskTimes expect_task_times(const std::vector<double>& earlier, double typical) {
  constexpr double unknown_spread = 0.5;
  // A few tasks say little of the spread: it is taken as this until there are more.
  constexpr double prior_spread = 0.3;
  constexpr double prior_tasks = 2;
  // Of the logarithm: one task that hung for an hour must not spread all later polls.
  constexpr double largest_deviation = 1;
  if (earlier.empty())
    return {typical, unknown_spread};
  auto sorted = earlier;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  double squares = prior_tasks * prior_spread * prior_spread;
  for (const double time : earlier)
    squares += std::pow(std::min(std::abs(std::log(time / *middle)), largest_deviation), 2);
  const auto tasks = static_cast<double>(earlier.size());
  // The median is uncertain as well.
  return {*middle, std::sqrt(squares / (prior_tasks + tasks) * (1 + 1 / tasks))};
}

Clock::Duration automatic_wait(const TaskTimes& times, double elapsed) {
  constexpr double first = 2, least = 1, most = 10, step = 0.25;
  // At a constant hazard rate of 1 in `median` seconds. A shorter one means more polls and less
  // lag.
  constexpr double period = 3.7;
  if (elapsed < first)
    return from_seconds(std::max(first - elapsed, least));
  double wait = 0, polls = 0;
  while (wait < least || (polls < 1 && wait < most)) {
    polls += step * std::sqrt(times.median * hazard_rate(times, elapsed + wait)) / period;
    wait += step;
  }
  return from_seconds(wait);
}

Clock::Duration backoff(const RetryLimits& limits, int failures,
                        std::optional<std::chrono::seconds> retry_after) {
  // Beyond 2^30 the maximum applies; the bound keeps the power finite.
  const int exponent = std::min(failures - 1, 30);
  const double wanted = asks_to_wait(retry_after)
                            ? static_cast<double>(retry_after->count())
                            : std::ldexp(limits.retry_backoff_factor, exponent);
  return from_seconds(std::min(wanted, limits.retry_backoff_max));
}

RetryBudget::RetryBudget(RetryLimits limits, Random random)
    : limits_(limits), random_(std::move(random)) {}

std::optional<Clock::Duration> RetryBudget::next(std::optional<std::chrono::seconds> retry_after) {
  ++failures_;
  if (limits_.retries >= 0 && failures_ > limits_.retries)
    return std::nullopt;
  const auto longest = backoff(limits_, failures_, retry_after);
  if (asks_to_wait(retry_after))
    return longest;
  return std::chrono::duration_cast<Clock::Duration>(longest * random_());
}

}  // namespace modelverse
