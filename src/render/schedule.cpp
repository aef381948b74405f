// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts shots by phase.
#include "render/schedule.h"

#include <algorithm>

namespace modelverse::render {

std::vector<std::size_t> shots_of_shard(const std::vector<Shot>& shots, std::size_t shard,
                                        std::size_t shards) {
  std::vector<bool> is_wanted(shots.size());
  for (std::size_t i = shard - 1; i < shots.size(); i += shards) {
    is_wanted[i] = true;
    for (auto start = shots[i].start; start && !is_wanted[*start]; start = shots[*start].start)
      is_wanted[*start] = true;
  }
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < shots.size(); ++i)
    if (is_wanted[i])
      wanted.push_back(i);
  return wanted;
}

Schedule::Schedule(const std::vector<Shot>& shots, const std::vector<std::size_t>& wanted,
                   std::size_t jobs)
    : wanted_(wanted), phases_(shots.size(), Phase::waiting), jobs_(jobs), limit_(jobs) {
  for (const auto& shot : shots)
    starts_.push_back(shot.start);
}

std::size_t Schedule::count(Phase phase) const {
  return static_cast<std::size_t>(std::count_if(wanted_.begin(), wanted_.end(),
                                                [&](auto shot) { return phases_[shot] == phase; }));
}

bool Schedule::is_ready(std::size_t shot) const {
  const auto start = starts_[shot];
  return phases_[shot] == Phase::waiting && (!start || phases_[*start] == Phase::done);
}

void Schedule::rise(Time now) {
  if (limit_ >= jobs_ || now - changed_ < calm)
    return;
  ++limit_;
  changed_ = now;
}

std::optional<std::size_t> Schedule::next(Time now) {
  rise(now);
  const auto starting = count(Phase::starting);
  if (starting >= most_starting || starting + count(Phase::accepted) >= limit_)
    return {};
  const auto found = std::find_if(wanted_.begin(), wanted_.end(),
                                  [&](std::size_t shot) { return is_ready(shot); });
  if (found == wanted_.end())
    return {};
  phases_[*found] = Phase::starting;
  return *found;
}

void Schedule::accept(std::size_t shot) {
  if (phases_[shot] == Phase::starting)
    phases_[shot] = Phase::accepted;
}

void Schedule::finish(std::size_t shot) {
  phases_[shot] = Phase::done;
}

std::vector<std::size_t> Schedule::fail(std::size_t shot) {
  phases_[shot] = Phase::failed;
  std::vector<std::size_t> skipped;
  const auto is_lost = [&](std::size_t other) {
    const auto start = starts_[other];
    return phases_[other] == Phase::waiting && start &&
           (phases_[*start] == Phase::failed || phases_[*start] == Phase::skipped);
  };
  for (;;) {
    const auto found = std::find_if(wanted_.begin(), wanted_.end(), is_lost);
    if (found == wanted_.end())
      return skipped;
    phases_[*found] = Phase::skipped;
    skipped.push_back(*found);
  }
}

// The last one that is left repeats its submit itself.
std::vector<std::size_t> Schedule::lower(Time now) {
  const auto accepted = count(Phase::accepted);
  limit_ = std::max<std::size_t>(accepted, 1);
  changed_ = now;
  std::vector<std::size_t> stopped;
  std::size_t may_stay = limit_ - accepted;
  for (const auto shot : wanted_) {
    if (phases_[shot] != Phase::starting)
      continue;
    if (may_stay > 0) {
      --may_stay;
      continue;
    }
    phases_[shot] = Phase::waiting;
    stopped.push_back(shot);
  }
  return stopped;
}

bool Schedule::is_over() const {
  return count(Phase::waiting) + count(Phase::starting) + count(Phase::accepted) == 0;
}

}  // namespace modelverse::render
