// SPDX-License-Identifier: LGPL-2.1-or-later
// Who keeps a job alive.
#include "job/job_state.h"

#include <gtest/gtest.h>

#include <new>

namespace modelverse::job {
namespace {

TEST(JobState, stops_the_job_when_the_last_reader_leaves) {
  JobState job_state;
  EXPECT_TRUE(job_state.join());
  EXPECT_TRUE(job_state.join());
  job_state.leave();
  EXPECT_FALSE(job_state.stop_token().stop_requested());
  job_state.leave();
  EXPECT_TRUE(job_state.stop_token().stop_requested());
  EXPECT_FALSE(job_state.join());
}

TEST(JobState, lets_a_post_finish_before_it_stops) {
  JobState job_state;
  job_state.join();
  job_state.begin_post(std::chrono::seconds(1));
  job_state.leave();
  EXPECT_FALSE(job_state.stop_token().stop_requested());
  job_state.end_post();
  EXPECT_TRUE(job_state.stop_token().stop_requested());
  EXPECT_FALSE(job_state.join());
}

TEST(JobState, goes_on_when_a_reader_comes_back_during_the_post) {
  JobState job_state;
  job_state.join();
  job_state.begin_post(std::chrono::seconds(1));
  job_state.leave();
  EXPECT_TRUE(job_state.join());
  job_state.end_post();
  EXPECT_FALSE(job_state.stop_token().stop_requested());
}

TEST(JobState, gives_up_a_post_that_nobody_waits_for) {
  JobState job_state;
  job_state.join();
  job_state.begin_post(std::chrono::seconds(1));
  EXPECT_TRUE(job_state.keep_posting());
  job_state.leave();
  EXPECT_FALSE(job_state.keep_posting());
  EXPECT_FALSE(job_state.join());
}

TEST(JobState, ends_a_post_whatever_ends_its_scope) {
  JobState job_state;
  job_state.join();
  try {
    const Posting posting(job_state, std::chrono::seconds(7));
    EXPECT_TRUE(posting);
    EXPECT_TRUE(job_state.lock()->is_posting);
    EXPECT_EQ(job_state.lock()->longest_post, std::chrono::seconds(7));
    throw std::bad_alloc();
  } catch (const std::bad_alloc&) {
  }
  EXPECT_FALSE(job_state.lock()->is_posting);
  job_state.leave();
  EXPECT_FALSE(Posting(job_state, std::chrono::seconds(7)));
}

TEST(JobState, is_closed_by_a_failure) {
  JobState job_state;
  job_state.join();
  job_state.fail({.code = ErrorCode::read, .text = "no", .debug = {}});
  EXPECT_FALSE(job_state.join());
  EXPECT_EQ(job_state.lock()->error->text, "no");
}

TEST(JobState, announces_a_status_once) {
  JobState job_state;
  job_state.set_status(TaskStatus::running);
  job_state.set_status(TaskStatus::running);
  job_state.set_status(TaskStatus::success);
  EXPECT_EQ(job_state.lock()->events.size(), 2u);
}

TEST(JobState, takes_back_only_what_nobody_has_seen) {
  JobState job_state;
  job_state.grow(100);
  job_state.lock()->served = 50;
  EXPECT_TRUE(job_state.shrink(50));
  EXPECT_EQ(job_state.lock()->available, 50u);
  EXPECT_FALSE(job_state.shrink(49));
  EXPECT_EQ(job_state.lock()->available, 50u);
}

}  // namespace
}  // namespace modelverse::job
