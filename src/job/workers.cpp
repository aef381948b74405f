// SPDX-License-Identifier: LGPL-2.1-or-later
// One idle thread waits for the first work that is due. When it begins to work, another one does.
#include "job/workers.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace modelverse::job {

namespace {

constexpr std::size_t most_idle = 4;
// Then another thread helps.
constexpr Clock::Duration patience = std::chrono::milliseconds(2);
constexpr auto at_once = Clock::TimePoint::min();

Clock::TimePoint rounded(Clock::TimePoint when) {
  constexpr auto step = std::chrono::milliseconds(200);
  if (when - std::chrono::steady_clock::now() < std::chrono::seconds(1))
    return when;
  return when + step - when.time_since_epoch() % step;
}

}  // namespace

struct Workers::Task {
  Task(Work work, std::stop_token stop) : work(std::move(work)), stop(std::move(stop)) {}

  Work work;
  const std::stop_token stop;
  bool is_hurried = false;
  std::optional<Queue::iterator> place;  // while it is in the queue
  // Made and reset without the lock: it may call at once, and its end waits for a call.
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
};

void Workers::add(Work work, std::stop_token stop) {
  const auto task = std::make_shared<Task>(std::move(work), std::move(stop));
  const std::lock_guard lock(mutex_);
  enqueue(task, at_once);
  try {
    call_watcher();
  } catch (const std::system_error&) {
    queue_.erase(*task->place);
    throw;
  }
}

void Workers::enqueue(const TaskPtr& task, Clock::TimePoint when) {
  task->place = queue_.emplace(task->is_hurried ? at_once : when, task);
}

// On the thread that requests the stop.
void Workers::hurry(Task& task) {
  const std::lock_guard lock(mutex_);
  task.is_hurried = true;
  if (!task.place)
    return;
  auto entry = queue_.extract(*task.place);
  entry.key() = at_once;
  task.place = queue_.insert(std::move(entry));
  try_call_watcher();
}

// It looks at the queue again. Without a watcher, the thread that is woken or started becomes it.
void Workers::call_watcher() {
  if (is_watched_)
    first_.notify_one();
  else if (idle_ > 0)
    others_.notify_one();
  else if (starting_ == 0)
    start_thread();
}

// Without a watcher, the next thread that ends its work takes the first one.
void Workers::try_call_watcher() {
  try {
    call_watcher();
  } catch (const std::system_error&) {
  }
}

void Workers::start_thread() {
  std::thread([this] {
    pthread_setname_np(pthread_self(), "modelverse-job");
    serve();
  }).detach();
  ++starting_;
}

void Workers::serve() {
  Lock lock(mutex_);
  --starting_;
  bool was_idle = true;
  while (!queue_.empty()) {
    const auto when = was_idle ? next_take() : queue_.begin()->first;
    was_idle = when > std::chrono::steady_clock::now();
    if (!was_idle)
      run_first(lock);
    else if (idle_ < most_idle)
      wait_for_work(lock);
    else
      return;
  }
}

// By a thread that is idle.
Clock::TimePoint Workers::next_take() const {
  const auto due = queue_.begin()->first;
  return running_ == 0 || due == at_once ? due : std::max(due, taken_ + patience);
}

void Workers::run_first(Lock& lock) {
  const TaskPtr task = std::move(queue_.begin()->second);
  queue_.erase(queue_.begin());
  task->place.reset();
  ++running_;
  taken_ = std::chrono::steady_clock::now();
  if (queue_.empty()) {
    first_.notify_one();
    others_.notify_all();
  } else if (!is_watched_) {
    try_call_watcher();
  }
  lock.unlock();
  task->on_stop.reset();
  const auto again = task->work();
  if (again)
    task->on_stop.emplace(task->stop, [this, raw = task.get()] { hurry(*raw); });
  else
    task->work = {};
  lock.lock();
  --running_;
  if (!again)
    return;
  enqueue(task, rounded(*again));
  if (is_watched_ && *task->place == queue_.begin())
    first_.notify_one();
}

void Workers::wait_for_work(Lock& lock) {
  ++idle_;
  if (is_watched_) {
    others_.wait(lock);
  } else {
    is_watched_ = true;
    first_.wait_until(lock, next_take());
    is_watched_ = false;
  }
  --idle_;
}

}  // namespace modelverse::job
