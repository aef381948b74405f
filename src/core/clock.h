// SPDX-License-Identifier: LGPL-2.1-or-later
// Time source that a test can replace.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

namespace modelverse {

class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  virtual ~Clock() = default;
  // Monotonic: never jumps back, neither after a wall clock change nor after a suspend.
  virtual TimePoint now() const = 0;
  // Unix seconds, for display and records. A correct clock is needed for the day of a daily budget,
  // and for the proof that an earlier run's submit was not accepted (Record::proven_time).
  virtual std::int64_t unix_time() const = 0;
  // False when `stop` was requested first.
  virtual bool sleep_until(TimePoint when, std::stop_token stop) = 0;
  bool sleep_for(Duration how_long, std::stop_token stop) {
    return sleep_until(now() + how_long, std::move(stop));
  }
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  std::int64_t unix_time() const override;
  bool sleep_until(TimePoint when, std::stop_token stop) override;
};

}  // namespace modelverse
