// SPDX-License-Identifier: LGPL-2.1-or-later
// Each waiter has its own condition variable, so that leave() wakes only the first.
#include "job/gate.h"

#include <unistd.h>

#include <chrono>

namespace modelverse::job {

namespace {

// Room may appear without leave(): the application closes files.
constexpr auto recheck_interval = std::chrono::milliseconds(250);
constexpr auto long_wait = std::chrono::seconds(1);

// Runs when its block ends, however it does.
template <typename Call>
class Finally {
 public:
  explicit Finally(Call call) : call_(std::move(call)) {}
  Finally(const Finally&) = delete;
  Finally& operator=(const Finally&) = delete;
  ~Finally() { call_(); }

 private:
  Call call_;
};

}  // namespace

// After fork(), the threads of the parent do not exist in the child.
void Gate::reset_after_fork() {
  if (std::exchange(owner_, getpid()) == getpid())
    return;
  inside_ = 0;
  waiting_.clear();
}

std::optional<Gate::Pass> Gate::try_enter() {
  const std::lock_guard lock(mutex_);
  reset_after_fork();
  if (!waiting_.empty() || !is_open())
    return std::nullopt;
  ++inside_;
  return std::optional<Pass>(std::in_place, *this);
}

std::optional<Gate::Pass> Gate::enter(std::stop_token stop,
                                      const std::function<void()>& on_long_wait) {
  std::unique_lock lock(mutex_);
  reset_after_fork();
  Waiter me;
  const auto place = waiting_.insert(waiting_.end(), &me);
  const Finally leave_queue([&] {
    if (!lock.owns_lock())
      lock.lock();
    waiting_.erase(place);
    wake_first();
  });
  const auto begun = std::chrono::steady_clock::now();
  bool is_reported = false;
  while (!is_turn_of(me) && !stop.stop_requested()) {
    if (!is_reported && std::chrono::steady_clock::now() - begun >= long_wait) {
      is_reported = true;
      lock.unlock();
      on_long_wait();
      lock.lock();
      continue;
    }
    // A waiter behind the first only needs to wake for on_long_wait(), and when it becomes the
    // first.
    const auto time = waiting_.front() == &me ? recheck_interval
                      : is_reported           ? std::chrono::hours(1)
                                              : long_wait;
    me.wait_for(lock, stop, time, [&] { return is_turn_of(me); });
  }
  if (stop.stop_requested())
    return std::nullopt;
  ++inside_;
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
