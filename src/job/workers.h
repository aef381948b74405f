// SPDX-License-Identifier: LGPL-2.1-or-later
// Threads for the jobs of a process. A job that waits for minutes gives its thread back meanwhile.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "core/clock.h"

namespace modelverse::job {

// A thread exists while it runs work, or to wait for work that is due later: at most four wait, and
// none without such work. Most work is short: what is due at the same time runs on one thread, one
// after the other, unless that takes longer than a few milliseconds. Never destroyed.
class Workers {
 public:
  // Returns when it is to be called again, or nothing at its end. Must not throw.
  using Work = std::function<std::optional<Clock::TimePoint>()>;
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Calls `work` on a thread that does nothing else meanwhile, and again at the time that it
  // returned or as soon as `stop` is requested; not always on the same thread. A time of more than
  // a second is rounded up, so that many jobs are due at the same time. std::system_error: no
  // thread can be started.
  void add(Work work, std::stop_token stop);

 private:
  struct Task;
  using TaskPtr = std::shared_ptr<Task>;
  using Queue = std::multimap<Clock::TimePoint, TaskPtr>;
  using Lock = std::unique_lock<std::mutex>;

  void hurry(Task& task);
  void enqueue(const TaskPtr& task, Clock::TimePoint when);
  void serve();
  Clock::TimePoint next_take() const;
  void run_first(Lock& lock);
  void wait_for_work(Lock& lock);
  // Called with the lock held.
  void call_watcher();
  void try_call_watcher();
  void start_thread();

  std::mutex mutex_;
  Queue queue_;
  std::condition_variable first_;  // the watcher waits here until the first work is due
  std::condition_variable others_;
  bool is_watched_ = false;  // there is a watcher
  std::size_t idle_ = 0;     // threads that wait for either
  std::size_t starting_ = 0;
  std::size_t running_ = 0;   // threads that run work
  Clock::TimePoint taken_{};  // when one last began to
};

}  // namespace modelverse::job
