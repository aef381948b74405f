// SPDX-License-Identifier: LGPL-2.1-or-later
// Lets only so many threads pass at a time; the others wait in the order in which they came.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace modelverse::job {

class Gate {
 public:
  // `has_room(inside)`: may one more come in, where `inside` are in already? Called with the lock
  // held. Whoever comes when nobody is inside is let in unasked: nobody would ever make room.
  explicit Gate(std::function<bool(std::size_t inside)> has_room)
      : has_room_(std::move(has_room)) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Held by who is inside; leaves with its last owner.
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(&gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(gate_, other.gate_);
      return *this;
    }
    ~Pass() {
      if (gate_)
        gate_->leave();
    }

   private:
    Gate* gate_;
  };

  // Nothing where it would have to wait.
  std::optional<Pass> try_enter();
  // Nothing where `stop` is requested first. `on_long_wait` is called once where it takes longer
  // than a second.
  std::optional<Pass> enter(std::stop_token stop, const std::function<void()>& on_long_wait);

 private:
  using Waiter = std::condition_variable_any;
  bool is_open() const { return inside_ == 0 || has_room_(inside_); }
  bool is_turn_of(const Waiter& waiter) const { return waiting_.front() == &waiter && is_open(); }
  void leave();
  void wake_first();
  void forget_those_of_the_parent();

  const std::function<bool(std::size_t)> has_room_;
  std::mutex mutex_;
  std::list<Waiter*> waiting_;
  std::size_t inside_ = 0;
  pid_t owner_ = 0;  // the process whose threads are counted
};

}  // namespace modelverse::job
