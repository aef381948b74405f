// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/clock.h"

#include <gtest/gtest.h>

#include <thread>

namespace modelverse {
namespace {

TEST(SystemClock, sleeps_until_the_time_and_says_so) {
  SystemClock clock;
  const auto when = clock.now() + std::chrono::milliseconds(5);
  EXPECT_TRUE(clock.sleep_until(when, {}));
  EXPECT_GE(clock.now(), when);
}

TEST(SystemClock, wakes_when_stop_is_requested) {
  SystemClock clock;
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(clock.sleep_for(std::chrono::hours(1), stop.get_token()));
}

TEST(SystemClock, does_not_sleep_when_stop_was_requested_before) {
  SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(clock.sleep_for(std::chrono::hours(1), stop.get_token()));
}

TEST(SystemClock, unix_time_is_of_this_century) {
  EXPECT_GT(SystemClock().unix_time(), 1'700'000'000);
}

}  // namespace
}  // namespace modelverse
