// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace modelverse {
namespace {

using namespace std::chrono_literals;

Random always(double value) {
  return [value] { return value; };
}

TEST(FixedWait, polls_at_two_and_four_seconds_and_then_every_interval) {
  for (const unsigned early : {0u, 1u}) {
    EXPECT_EQ(fixed_wait(5000ms, early, always(0.5)), 2s);
    EXPECT_EQ(fixed_wait(100ms, early, always(0.5)), 100ms) << "a shorter one rules them too";
  }
  for (const unsigned later : {2u, 700u})
    EXPECT_EQ(fixed_wait(5000ms, later, always(0.5)), 5s);
}

TEST(FixedWait, jitter_stays_within_ten_percent) {
  EXPECT_EQ(fixed_wait(5000ms, 5, always(0)), 4500ms);
  EXPECT_LT(fixed_wait(5000ms, 5, always(0.999999)), 5500ms);
  EXPECT_GT(fixed_wait(5000ms, 5, always(0.999999)), 5499ms);
}

TEST(AutomaticWait, is_rare_then_often_then_rarer_again) {
  const TaskTimes times{100, 0.2};  // 5th percentile 72.0 s, 95th 139.0 s
  const auto wait = [&times](double elapsed) {
    return std::chrono::duration<double>(automatic_wait(times, elapsed)).count();
  };
  EXPECT_DOUBLE_EQ(wait(0), 2);
  for (const double elapsed : {2.0, 12.0, 50.0})
    EXPECT_DOUBLE_EQ(wait(elapsed), 10) << elapsed;
  for (const double elapsed : {100.0, 120.0, 139.0})
    EXPECT_NEAR(wait(elapsed), 1.75, 0.5) << elapsed;
  EXPECT_NEAR(wait(200), 3, 1);
  EXPECT_NEAR(wait(400), 4.5, 1);
  EXPECT_DOUBLE_EQ(wait(3600), 10);
}

struct Polled {
  double polls = 0;
  double lag = 0;  // s
};

// Tasks of a median of 120 s.
Polled simulate(double spread, const std::function<double(double elapsed)>& wait) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> seconds(std::log(120), spread);
  Polled mean;
  constexpr int tasks = 3000;
  for (int task = 0; task < tasks; ++task) {
    const double end = seconds(random);
    double now = 0;
    for (; now < end; mean.polls += 1.0 / tasks)
      now += wait(now);
    mean.lag += (now - end) / tasks;
  }
  return mean;
}

// Polls, as a part of those of a fixed period with the same lag, if the expected median is `wrong`
// times the real one.
double part_of_fixed(double spread, double wrong) {
  const TaskTimes times{120 * wrong, spread};
  const auto ours = simulate(spread, [&times](double elapsed) {
    return std::chrono::duration<double>(automatic_wait(times, elapsed)).count();
  });
  const auto fixed =
      simulate(spread, [&ours](double elapsed) { return elapsed < 2 ? 2 : 2 * ours.lag; });
  return ours.polls / fixed.polls;
}

TEST(AutomaticWait, saves_polls_at_equal_lag) {
  EXPECT_LE(part_of_fixed(0.2, 1), 0.5);
  EXPECT_LE(part_of_fixed(0.4, 1), 0.75);
  for (const double spread : {0.2, 0.4})
    for (const double wrong : {0.5, 2.0})
      EXPECT_LE(part_of_fixed(spread, wrong), 1) << spread << ' ' << wrong;
}

TEST(AutomaticWait, stays_between_one_and_ten_seconds) {
  for (const double median : {1e-3, 1.0, 30.0, 300.0, 1e5})
    for (const double spread : {0.0, 0.1, 0.5, 3.0})
      for (const double elapsed : {0.0, 1.5, 2.0, 29.9, 299.5, 1e4, 1e9}) {
        const auto wait = automatic_wait({median, spread}, elapsed);
        EXPECT_GE(wait, 1s) << median << ' ' << spread << ' ' << elapsed;
        EXPECT_LE(wait, 10s) << median << ' ' << spread << ' ' << elapsed;
      }
}

TEST(ExpectTaskTimes, takes_a_typical_time_as_uncertain) {
  const auto unknown = expect_task_times({}, 90);
  EXPECT_EQ(unknown.median, 90);
  EXPECT_GE(unknown.spread, 0.4);
}

TEST(ExpectTaskTimes, grows_certain_with_what_it_has_seen) {
  const auto one = expect_task_times({60}, 90), many = expect_task_times({50, 60, 70, 55, 65}, 90);
  EXPECT_EQ(one.median, 60);
  EXPECT_EQ(many.median, 60);
  EXPECT_LT(one.spread, expect_task_times({}, 90).spread);
  EXPECT_LT(many.spread, one.spread);
  EXPECT_NEAR(expect_task_times(std::vector<double>(100, 60), 90).spread, 0, 0.05);
}

TEST(ExpectTaskTimes, follows_no_single_task) {
  EXPECT_EQ(expect_task_times({60, 3600, 62, 58, 61}, 90).median, 61);
  std::vector<double> times(99, 60);
  times.push_back(36000);
  EXPECT_LT(expect_task_times(times, 90).spread, 0.15);
}

TEST(RetryBudget, backs_off_exponentially_up_to_the_maximum) {
  RetryBudget budget({.retries = -1}, always(1));
  EXPECT_EQ(*budget.next(), 500ms);
  EXPECT_EQ(*budget.next(), 1s);
  EXPECT_EQ(*budget.next(), 2s);
  for (int i = 0; i < 200; ++i)
    EXPECT_LE(*budget.next(), 60s);
  EXPECT_EQ(*budget.next(), 60s);
}

TEST(RetryBudget, jitter_is_full) {
  RetryBudget budget({.retry_backoff_factor = 8}, always(0));
  EXPECT_EQ(*budget.next(), 0s);
}

TEST(RetryBudget, is_spent_after_that_many_failures_in_a_row) {
  RetryBudget budget({.retries = 2}, always(0.5));
  EXPECT_TRUE(budget.next());
  EXPECT_TRUE(budget.next());
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, zero_retries_means_none) {
  RetryBudget budget({.retries = 0}, always(0.5));
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, a_good_answer_gives_the_whole_budget_back) {
  RetryBudget budget({.retries = 1}, always(1));
  EXPECT_TRUE(budget.next());
  budget.reset();
  EXPECT_EQ(*budget.next(), 500ms);
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, the_servers_wish_wins_within_the_maximum) {
  RetryBudget budget({}, always(1));
  EXPECT_EQ(*budget.next(7s), 7s);
  EXPECT_EQ(*budget.next(3600s), 60s);
}

// A date that is over says no more.
TEST(RetryBudget, a_wish_for_no_wait_at_all_is_not_granted) {
  RetryBudget budget({}, always(1));
  EXPECT_EQ(*budget.next(0s), 500ms);
  EXPECT_EQ(*budget.next(0s), 1s);
}

TEST(SystemRandom, is_uniform_over_the_unit_interval) {
  const auto random = system_random();
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.05);
}

}  // namespace
}  // namespace modelverse
