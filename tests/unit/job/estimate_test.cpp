// SPDX-License-Identifier: LGPL-2.1-or-later
// Percents and words for a person who waits.
#include "job/estimate.h"

#include <gtest/gtest.h>

namespace modelverse::job {
namespace {

class Percent : public testing::TestWithParam<int> {};

TEST_P(Percent, only_grows_and_never_says_100) {
  int before = 0;
  for (std::int64_t elapsed = -5; elapsed < 100'000; ++elapsed) {
    const int percent = generation_percent(elapsed, GetParam());
    ASSERT_GE(percent, before) << elapsed;
    ASSERT_LE(percent, 99) << elapsed;
    before = percent;
  }
  EXPECT_GE(before, 95);
}

INSTANTIATE_TEST_SUITE_P(Usual, Percent, testing::Values(-1, 0, 1, 90, 180, 270, 3600));

TEST(Estimate, stands_at_95_at_the_usual_time) {
  EXPECT_EQ(generation_percent(0, 90), 0);
  EXPECT_EQ(generation_percent(45, 90), 47);
  EXPECT_EQ(generation_percent(90, 90), 95);
}

TEST(Estimate, says_how_long_it_usually_takes) {
  EXPECT_EQ(generation_text("Running", 35, 90), "Generating: Running, 35 s of about 90 s");
  EXPECT_EQ(generation_text("Running", 120, 90),
            "Generating: Running, 120 s, longer than the usual 90 s");
}

TEST(Estimate, says_how_much_is_here) {
  EXPECT_EQ(download_text(3'200'000, 14'000'000), "Downloading: 3.2 of 14.0 MB");
  EXPECT_EQ(download_text(3'200'000, 0), "Downloading: 3.2 MB");
}

}  // namespace
}  // namespace modelverse::job
