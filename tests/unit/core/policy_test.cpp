// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/policy.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

using namespace std::chrono_literals;

Random always(double value) {
  return [value] { return value; };
}

TEST(PollPolicy, polls_at_two_and_four_seconds_and_then_every_interval) {
  const PollPolicy policy(5000ms, always(0.5));
  EXPECT_EQ(policy.wait_before(0), 2s);
  EXPECT_EQ(policy.wait_before(1), 2s);
  EXPECT_EQ(policy.wait_before(2), 5s);
  EXPECT_EQ(policy.wait_before(700), 5s);
}

TEST(PollPolicy, a_shorter_interval_rules_the_first_polls_too) {
  const PollPolicy policy(100ms, always(0.5));
  EXPECT_EQ(policy.wait_before(0), 100ms);
  EXPECT_EQ(policy.wait_before(1), 100ms);
}

TEST(PollPolicy, jitter_stays_within_ten_percent) {
  EXPECT_EQ(PollPolicy(5000ms, always(0)).wait_before(5), 4500ms);
  EXPECT_LT(PollPolicy(5000ms, always(0.999999)).wait_before(5), 5500ms);
  EXPECT_GT(PollPolicy(5000ms, always(0.999999)).wait_before(5), 5499ms);
}

TEST(RetryBudget, backs_off_exponentially_up_to_the_maximum) {
  RetryBudget budget({.retries = -1, .backoff_factor = 0.5, .backoff_max = 60}, always(1));
  EXPECT_EQ(*budget.next(), 500ms);
  EXPECT_EQ(*budget.next(), 1s);
  EXPECT_EQ(*budget.next(), 2s);
  for (int i = 0; i < 200; ++i)
    EXPECT_LE(*budget.next(), 60s);
  EXPECT_EQ(*budget.next(), 60s);
}

TEST(RetryBudget, jitter_is_full) {
  RetryBudget budget({.retries = 10, .backoff_factor = 8, .backoff_max = 60}, always(0));
  EXPECT_EQ(*budget.next(), 0s);
}

TEST(RetryBudget, is_spent_after_that_many_failures_in_a_row) {
  RetryBudget budget({.retries = 2, .backoff_factor = 0.5, .backoff_max = 60}, always(0.5));
  EXPECT_TRUE(budget.next());
  EXPECT_TRUE(budget.next());
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, zero_retries_means_none) {
  RetryBudget budget({.retries = 0, .backoff_factor = 0.5, .backoff_max = 60}, always(0.5));
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, a_good_answer_gives_the_whole_budget_back) {
  RetryBudget budget({.retries = 1, .backoff_factor = 0.5, .backoff_max = 60}, always(1));
  EXPECT_TRUE(budget.next());
  budget.reset();
  EXPECT_EQ(*budget.next(), 500ms);
  EXPECT_FALSE(budget.next());
}

TEST(RetryBudget, the_servers_wish_wins_within_the_maximum) {
  RetryBudget budget({.retries = 10, .backoff_factor = 0.5, .backoff_max = 60}, always(1));
  EXPECT_EQ(*budget.next(7s), 7s);
  EXPECT_EQ(*budget.next(3600s), 60s);
}

// A date that is over says no more.
TEST(RetryBudget, a_wish_for_no_wait_at_all_is_not_granted) {
  RetryBudget budget({.retries = 10, .backoff_factor = 0.5, .backoff_max = 60}, always(1));
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
