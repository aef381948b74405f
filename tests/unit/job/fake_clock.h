// SPDX-License-Identifier: LGPL-2.1-or-later
// A clock that nobody waits for: a sleep is over at once, and the time it took has passed.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"

namespace modelverse::job::test {

class FakeClock final : public Clock {
 public:
  static constexpr std::int64_t start = 1'700'000'000;  // unix seconds

  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  std::int64_t unix_time() const override { return start + elapsed().count() + jumped_; }
  bool sleep_until(TimePoint when, std::stop_token stop) override {
    if (on_sleep)
      on_sleep();
    if (stop.stop_requested())
      return false;
    {
      const std::lock_guard lock(mutex_);
      sleeps_.push_back(when > now_ ? when - now_ : Duration::zero());
      now_ += sleeps_.back();
    }
    std::this_thread::yield();
    return !stop.stop_requested();
  }

  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }
  // The wall clock alone.
  void jump(std::chrono::seconds by) { jumped_ += by.count(); }
  std::chrono::seconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch());
  }
  std::vector<Duration> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

  std::function<void()> on_sleep;  // set before anybody sleeps

 private:
  mutable std::mutex mutex_;
  TimePoint now_ = {};
  std::vector<Duration> sleeps_;
  std::atomic<std::int64_t> jumped_ = 0;
};

}  // namespace modelverse::job::test
