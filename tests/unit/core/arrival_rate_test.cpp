// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/arrival_rate.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

using namespace std::chrono_literals;

const ArrivalRate::TimePoint begin{};

TEST(ArrivalRate, is_unknown_at_first) {
  ArrivalRate rate;
  EXPECT_FALSE(rate.bytes_per_second(begin));
  rate.note(500, begin);
  EXPECT_FALSE(rate.bytes_per_second(begin));
}

TEST(ArrivalRate, does_not_count_what_was_there_before) {
  ArrivalRate rate;
  rate.note(5000, begin);
  rate.note(6000, begin + 1s);
  EXPECT_DOUBLE_EQ(rate.bytes_per_second(begin + 1s).value(), 1000);
}

TEST(ArrivalRate, follows_a_change_within_seconds) {
  ArrivalRate rate;
  std::uint64_t bytes = 0;
  for (int second = 0; second < 60; ++second)
    rate.note(bytes += 1000, begin + std::chrono::seconds(second));
  for (int second = 60; second < 66; ++second)
    rate.note(bytes += 100, begin + std::chrono::seconds(second));
  EXPECT_NEAR(rate.bytes_per_second(begin + 65s).value(), 100, 1);
}

TEST(ArrivalRate, falls_during_a_stall) {
  ArrivalRate rate;
  rate.note(0, begin);
  rate.note(1000, begin + 1s);
  EXPECT_DOUBLE_EQ(rate.bytes_per_second(begin + 10s).value(), 100);
}

TEST(ArrivalRate, begins_anew_with_the_download) {
  ArrivalRate rate;
  rate.note(0, begin);
  rate.note(9000, begin + 1s);
  rate.note(0, begin + 2s);
  rate.note(500, begin + 3s);
  EXPECT_DOUBLE_EQ(rate.bytes_per_second(begin + 3s).value(), 500);
}

}  // namespace
}  // namespace modelverse
