// SPDX-License-Identifier: LGPL-2.1-or-later
// Limits the number of threads inside; further threads wait in order of arrival.
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
  // `has_room(inside)`: whether one more thread may enter when `inside` threads are inside. Called
  // with the lock held. Not called when no thread is inside: that thread always enters, since no
  // leaving thread could make room.
  explicit Gate(std::function<bool(std::size_t inside)> has_room)
      : has_room_(std::move(has_room)) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Held by a thread inside; the last owner leaves the gate.
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

  // Empty when the thread would have to wait.
  std::optional<Pass> try_enter();
  // Empty when `stop` is requested first. `on_long_wait` is called once after one second of
  // waiting.
  std::optional<Pass> enter(std::stop_token stop, const std::function<void()>& on_long_wait);

 private:
  using Waiter = std::condition_variable_any;
  bool is_open() const { return inside_ == 0 || has_room_(inside_); }
  bool is_turn_of(const Waiter& waiter) const { return waiting_.front() == &waiter && is_open(); }
  void leave();
  void wake_first();
  void reset_after_fork();

  const std::function<bool(std::size_t)> has_room_;
  std::mutex mutex_;
  std::list<Waiter*> waiting_;
  std::size_t inside_ = 0;
  pid_t owner_ = 0;  // the process whose threads are counted
};

}  // namespace modelverse::job
