// SPDX-License-Identifier: LGPL-2.1-or-later
// Data that can be reached only under its lock.
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace modelverse {

template <typename T>
class Guarded {
 public:
  // Holds the lock for as long as it lives. Post, push and call out without one.
  class Access {
   public:
    T* operator->() { return &owner_.data_; }
    T& operator*() { return owner_.data_; }
    template <typename Predicate>
    void wait(Predicate predicate) {
      owner_.changed_.wait(lock_, predicate);
    }
    template <typename Duration, typename Predicate>
    bool wait_for(Duration duration, Predicate predicate) {
      return owner_.changed_.wait_for(lock_, duration, predicate);
    }
    void notify_all() { owner_.changed_.notify_all(); }

   private:
    friend class Guarded;
    explicit Access(Guarded& owner) : owner_(owner), lock_(owner.mutex_) {}
    Guarded& owner_;
    std::unique_lock<std::mutex> lock_;
  };

  Access lock() { return Access(*this); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T data_;
};

}  // namespace modelverse
