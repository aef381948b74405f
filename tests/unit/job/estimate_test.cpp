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

Record finished(std::int64_t when, std::int64_t took) {
  Record record;
  record.state = RecordState::complete;
  record.origin = "https://service.example";
  record.model = "a-model";
  record.duration = 8;
  record.submit_time = when - took;
  record.finish_time = when;
  return record;
}

TEST(Estimate, learns_the_median_of_what_this_user_has_seen) {
  const auto like = finished(0, 0);
  EXPECT_EQ(learned_seconds({}, like), std::nullopt);
  EXPECT_EQ(learned_seconds({finished(1000, 70)}, like), 70);
  EXPECT_EQ(learned_seconds({finished(1000, 70), finished(2000, 900), finished(3000, 80)}, like),
            80);
}

TEST(Estimate, learns_from_the_latest_only) {
  std::vector<Record> earlier;
  for (int i = 0; i < 9; ++i) {
    earlier.push_back(finished(1000 + i, 300));
    earlier.push_back(finished(9000 + i, 60));
  }
  EXPECT_EQ(learned_seconds(earlier, finished(0, 0)), 60);
}

TEST(Estimate, learns_from_the_same_kind_only) {
  const auto like = finished(0, 0);
  auto other_model = finished(1000, 70), other_length = other_model, other_size = other_model,
       other_service = other_model, unfinished = other_model;
  other_model.model = "another";
  other_length.duration = 4;
  other_size.resolution = "1080p";
  other_service.origin = "http://127.0.0.1:1";
  unfinished.state = RecordState::submitted;
  const auto backwards = finished(1000, -70), endless = finished(10'000'000, 9'000'000);
  EXPECT_EQ(learned_seconds({other_model, other_length, other_size, other_service, unfinished,
                             backwards, endless},
                            like),
            std::nullopt);
}

TEST(Estimate, says_how_much_is_here) {
  EXPECT_EQ(download_text(3'200'000, 14'000'000), "Downloading: 3.2 of 14.0 MB");
  EXPECT_EQ(download_text(3'200'000, 0), "Downloading: 3.2 MB");
}

}  // namespace
}  // namespace modelverse::job
