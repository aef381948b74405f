// SPDX-License-Identifier: LGPL-2.1-or-later
// Data that is accessible only under its lock.
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace modelverse {

template <typename T>
class Guarded {
 public:
  // Holds the lock during its lifetime. Do not post, push or call out meanwhile.
  class Access {
   public:
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    // Unlocks before it notifies, so that a woken thread does not block on the lock.
    ~Access() {
      lock_.unlock();
      if (is_changed_)
        owner_.changed_.notify_all();
    }
    T* operator->() { return &owner_.data_; }
    T& operator*() { return owner_.data_; }
    template <typename Predicate>
    void wait(Predicate predicate) {
      pass_on_news();
      owner_.changed_.wait(lock_, predicate);
    }
    template <typename Duration, typename Predicate>
    bool wait_for(Duration duration, Predicate predicate) {
      pass_on_news();
      return owner_.changed_.wait_for(lock_, duration, predicate);
    }
    // Wakes the waiting threads after the lock is released.
    void notify_all() { is_changed_ = true; }

   private:
    friend class Guarded;
    explicit Access(Guarded& owner) : owner_(owner), lock_(owner.mutex_) {}
    void pass_on_news() {
      if (std::exchange(is_changed_, false))
        owner_.changed_.notify_all();
    }
    Guarded& owner_;
    std::unique_lock<std::mutex> lock_;
    bool is_changed_ = false;
  };

  Access lock() { return Access(*this); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T data_;
};

}  // namespace modelverse
