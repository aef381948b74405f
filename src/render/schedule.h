// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides which shot is started next, and how many run at once. No clock of its own, no I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "render/shot_list.h"

namespace modelverse::render {

// Every `shards`th shot from the `shard`th (from 1) on, and all shots those start from, in the
// order of the list.
std::vector<std::size_t> shots_of_shard(const std::vector<Shot>& shots, std::size_t shard,
                                        std::size_t shards);

class Schedule {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Phase {
    waiting,   // for its turn, or for the shot that it starts from
    starting,  // not yet accepted by the service
    accepted,
    done,
    failed,
    skipped,  // the shot that it starts from failed
  };

  // `wanted`: indices of the shots to make; contains the shots those start from.
  Schedule(const std::vector<Shot>& shots, const std::vector<std::size_t>& wanted,
           std::size_t jobs);

  // The next shot to start now, which then counts as starting; nothing: wait.
  std::optional<std::size_t> next(Time now);
  void accept(std::size_t shot);
  void finish(std::size_t shot);
  // Returns the shots that are skipped for it.
  std::vector<std::size_t> fail(std::size_t shot);
  // The service asked to wait: lowers the limit for a while. Returns the shots that have not been
  // accepted and are to be stopped; they are waiting again, and first in turn.
  std::vector<std::size_t> lower(Time now);

  Phase phase(std::size_t shot) const { return phases_[shot]; }
  std::size_t limit() const { return limit_; }
  std::size_t count(Phase phase) const;
  std::size_t wanted() const { return wanted_.size(); }
  bool is_over() const;

  // Shots that have not been accepted yet, at once: more would meet a limit of the service all
  // together.
  static constexpr std::size_t most_starting = 4;
  // The limit rises by one after this time without another refusal.
  static constexpr std::chrono::seconds calm = std::chrono::seconds(30);

 private:
  bool is_ready(std::size_t shot) const;
  void rise(Time now);

  std::vector<std::optional<std::size_t>> starts_;
  std::vector<std::size_t> wanted_;
  std::vector<Phase> phases_;
  std::size_t jobs_;
  std::size_t limit_;
  Time changed_;
};

}  // namespace modelverse::render
