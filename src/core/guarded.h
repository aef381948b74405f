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
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    // Whoever is woken finds the lock free, so nobody is woken only to wait for it.
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
    // Wakes who waits, once the lock is let go.
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
