// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/schedule.h"

#include <gtest/gtest.h>

#include <numeric>

namespace modelverse::render {
namespace {

using Phase = Schedule::Phase;
using Indices = std::vector<std::size_t>;
constexpr Schedule::Time noon{std::chrono::hours(12)};

// `starts`: the index of the shot that each one starts from; negative: none.
std::vector<Shot> shots_of(const std::vector<int>& starts) {
  std::vector<Shot> shots;
  for (const int start : starts) {
    auto& shot = shots.emplace_back();
    if (start >= 0)
      shot.start = static_cast<std::size_t>(start);
  }
  return shots;
}

Schedule schedule_of(const std::vector<int>& starts, std::size_t jobs) {
  Indices wanted(starts.size());
  std::iota(wanted.begin(), wanted.end(), std::size_t{0});
  return Schedule(shots_of(starts), wanted, jobs);
}

Indices start_all(Schedule& schedule, Schedule::Time now = noon) {
  Indices started;
  while (const auto shot = schedule.next(now))
    started.push_back(*shot);
  return started;
}

TEST(Shard, has_every_nth_shot_and_those_they_start_from) {
  const auto shots = shots_of({-1, -1, 1, -1, 2, -1});
  EXPECT_EQ(shots_of_shard(shots, 1, 3), (Indices{0, 3}));
  EXPECT_EQ(shots_of_shard(shots, 2, 3), (Indices{1, 2, 4}));
  EXPECT_EQ(shots_of_shard(shots, 1, 1).size(), 6u);
}

TEST(Schedule, starts_a_dependent_shot_when_the_other_is_done_and_not_before) {
  auto schedule = schedule_of({1, -1}, 4);
  EXPECT_EQ(start_all(schedule), Indices{1});
  schedule.accept(1);
  EXPECT_FALSE(schedule.next(noon));
  schedule.finish(1);
  EXPECT_EQ(schedule.next(noon), 0u);
}

TEST(Schedule, keeps_to_the_number_of_jobs) {
  auto schedule = schedule_of({-1, -1, -1, -1}, 2);
  EXPECT_EQ(start_all(schedule), (Indices{0, 1}));
  schedule.accept(0);
  EXPECT_FALSE(schedule.next(noon));
  schedule.finish(0);
  EXPECT_EQ(schedule.next(noon), 2u);
}

TEST(Schedule, waits_for_acceptance_before_it_starts_many) {
  auto schedule = schedule_of(std::vector<int>(50, -1), 50);
  EXPECT_EQ(start_all(schedule).size(), Schedule::most_starting);
  schedule.accept(0);
  EXPECT_EQ(start_all(schedule).size(), 1u);
}

TEST(Schedule, skips_what_starts_from_a_failed_shot_and_goes_on_with_the_rest) {
  auto schedule = schedule_of({-1, 0, 1, -1}, 4);
  EXPECT_EQ(start_all(schedule), (Indices{0, 3}));
  EXPECT_EQ(schedule.fail(0), (Indices{1, 2}));
  EXPECT_FALSE(schedule.is_over());
  schedule.finish(3);
  EXPECT_TRUE(schedule.is_over());
  EXPECT_EQ(schedule.count(Phase::skipped), 2u);
}

TEST(Schedule, is_lowered_to_what_the_service_accepts_and_rises_after_a_while) {
  auto schedule = schedule_of(std::vector<int>(20, -1), 10);
  start_all(schedule);
  schedule.accept(0);
  schedule.accept(1);
  start_all(schedule);
  EXPECT_EQ(schedule.lower(noon), (Indices{2, 3, 4, 5}));
  EXPECT_EQ(schedule.limit(), 2u);
  EXPECT_FALSE(schedule.next(noon));
  schedule.finish(0);
  EXPECT_EQ(start_all(schedule), Indices{2}) << "the stopped ones are first in turn";
  schedule.accept(2);
  EXPECT_EQ(start_all(schedule, noon + Schedule::calm), Indices{3});
  EXPECT_EQ(schedule.limit(), 3u);
}

TEST(Schedule, leaves_one_to_repeat_its_submit) {
  auto schedule = schedule_of({-1, -1, -1}, 3);
  start_all(schedule);
  EXPECT_EQ(schedule.lower(noon), (Indices{1, 2}));
  EXPECT_EQ(schedule.limit(), 1u);
  EXPECT_EQ(schedule.phase(0), Phase::starting);
}

}  // namespace
}  // namespace modelverse::render
