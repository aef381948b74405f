// SPDX-License-Identifier: LGPL-2.1-or-later
// The machine's clocks.
#include "core/clock.h"

#include <condition_variable>
#include <mutex>

namespace modelverse {

Clock::TimePoint SystemClock::now() const {
  return std::chrono::steady_clock::now();
}

std::int64_t SystemClock::unix_time() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

bool SystemClock::sleep_until(TimePoint when, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_until(lock, stop, when, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace modelverse
