// SPDX-License-Identifier: LGPL-2.1-or-later
// Each waiter has its own condition variable, so that leave() wakes only the first.
#include "job/gate.h"

#include <unistd.h>

#include <chrono>

namespace modelverse::job {

namespace {

// Room may appear without leave(): the application closes files.
constexpr auto look_again = std::chrono::milliseconds(250);
constexpr auto long_wait = std::chrono::seconds(1);

}  // namespace

// After fork(), the threads of the parent do not exist in the child.
void Gate::forget_those_of_the_parent() {
  if (std::exchange(owner_, getpid()) == getpid())
    return;
  inside_ = 0;
  waiting_.clear();
}

std::optional<Gate::Pass> Gate::try_enter() {
  const std::lock_guard lock(mutex_);
  forget_those_of_the_parent();
  if (!waiting_.empty() || !is_open())
    return std::nullopt;
  ++inside_;
  return std::optional<Pass>(std::in_place, *this);
}

std::optional<Gate::Pass> Gate::enter(std::stop_token stop,
                                      const std::function<void()>& on_long_wait) {
  std::unique_lock lock(mutex_);
  forget_those_of_the_parent();
  Waiter me;
  const auto place = waiting_.insert(waiting_.end(), &me);
  const auto begun = std::chrono::steady_clock::now();
  bool is_told = false;
  while (!is_turn_of(me) && !stop.stop_requested()) {
    if (!is_told && std::chrono::steady_clock::now() - begun >= long_wait) {
      is_told = true;
      lock.unlock();
      on_long_wait();
      lock.lock();
      continue;
    }
    // A waiter behind the first only needs to wake for on_long_wait(), and when it becomes the
    // first.
    const auto time = waiting_.front() == &me ? look_again
                      : is_told               ? std::chrono::hours(1)
                                              : long_wait;
    me.wait_for(lock, stop, time, [&] { return is_turn_of(me); });
  }
  waiting_.erase(place);
  const bool is_stopped = stop.stop_requested();
  if (!is_stopped)
    ++inside_;
  wake_first();
  if (is_stopped)
    return std::nullopt;
  return std::optional<Pass>(std::in_place, *this);
}

void Gate::leave() {
  const std::lock_guard lock(mutex_);
  --inside_;
  wake_first();
}

// Called with the lock held: otherwise the waiter's thread might have ended.
void Gate::wake_first() {
  if (!waiting_.empty())
    waiting_.front()->notify_one();
}

}  // namespace modelverse::job
