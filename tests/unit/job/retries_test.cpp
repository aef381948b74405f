// SPDX-License-Identifier: LGPL-2.1-or-later
// Waiting and trying again, over a whole job: hours that take milliseconds.
#include <algorithm>
#include <numeric>

#include "bench.h"
#include "store/cache.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;
using std::chrono::hours;
using std::chrono::seconds;

struct Retries : Bench {
  static constexpr Clock::Duration none = Clock::Duration::zero();
  Clock::Duration slept() const {
    const auto sleeps = clock->sleeps();
    return std::accumulate(sleeps.begin(), sleeps.end(), none);
  }
  unsigned counted() { return job_state.lock()->stats.retries; }
  // A date so long from the clock's now on.
  std::string date_in(seconds wait) const {
    GDateTime* date = g_date_time_new_from_unix_utc(clock->unix_time() + wait.count());
    const CharPtr text(g_date_time_format(date, "%a, %d %b %Y %H:%M:%S GMT"));
    g_date_time_unref(date);
    return text.get();
  }
  const std::string clip = mp4(300'000);
};

// Each phase has the whole budget, and a good answer gives it back.
TEST_F(Retries, have_a_budget_for_each_phase_that_progress_gives_back) {
  script->add(unsent(FaultKind::refused), 10);
  script->add(accepted());
  script->add(answer(502), 10);
  script->add(status_is("Running"));
  script->add(lost(FaultKind::reset), 10);
  script->add(success({link}));
  script->add(answer(503), 10);
  script->add(cut(whole(clip), 100'000));
  script->add(lost(FaultKind::timed_out), 9);
  script->add(part(clip, 100'000));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(clip_on_disk(), clip);
  EXPECT_EQ(counted(), 50u);
  EXPECT_EQ(script->left(), 0u);
  // Half of 0.5, 1, 2, ... 60, 60, 60 s, five times over.
  EXPECT_GT(slept(), seconds(5 * 120));
}

TEST_F(Retries, back_off_with_full_jitter_up_to_the_maximum) {
  settings().retries = 40;
  settings().retry_backoff_max = 8;
  script->add(unsent(FaultKind::refused), 40);
  script->add(answer(400));
  run();
  const auto waits = clock->sleeps();
  ASSERT_EQ(waits.size(), 40u);
  auto ceiling = std::chrono::duration<double>(0.5);
  for (const auto wait : waits) {
    EXPECT_EQ(wait, std::chrono::duration_cast<Clock::Duration>(ceiling * 0.5));
    ceiling = std::min(ceiling * 2, std::chrono::duration<double>(8));
  }
}

// The resolver may take 10 s to fail, and the waits alone would be four minutes at worst.
TEST_F(Retries, end_within_two_minutes_where_the_name_does_not_resolve) {
  settings().retries = 1000;
  script->add(unsent(FaultKind::name_not_found), 1000);
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::not_found);
  EXPECT_GT(slept(), seconds(30));
  EXPECT_LT(slept(), seconds(120));
}

TEST_F(Retries, go_on_without_a_limit_where_the_user_sets_none) {
  settings().retries = -1;
  script->add(unsent(FaultKind::name_not_found), 50);
  script->add(answer(400));
  run();
  EXPECT_EQ(script->left(), 0u);
}

TEST_F(Retries, wait_as_long_as_any_phase_is_asked_to) {
  const auto busy = [&](unsigned status, const std::string& settings) {
    script->add(answer(status, "", {{"Retry-After", settings}}));
  };
  settings().poll_interval = 1000;
  busy(429, "11");
  script->add(accepted());
  busy(503, date_in(seconds(11 + 1 + 17)));
  script->add(success({link}));
  busy(429, "13");
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  const std::vector<Clock::Duration> waits = {seconds(11), seconds(1), seconds(17), seconds(13)};
  EXPECT_EQ(clock->sleeps(), waits);
  EXPECT_EQ(counted(), 3u);
}

TEST_F(Retries, without_a_limit_go_on_until_the_time_is_over) {
  settings().retries = -1;
  settings().task_timeout = 7200;
  script->add(accepted());
  script->otherwise(answer(500));
  run();
  ASSERT_TRUE(error());
  EXPECT_NE(error()->text.find("task-timeout"), std::string::npos);
  EXPECT_EQ(clock->elapsed(), hours(2));
  EXPECT_GT(counted(), 100u);
}

TEST_F(Retries, of_the_submit_end_with_the_time_and_the_last_refusal) {
  settings().retries = -1;
  settings().task_timeout = 1200;
  script->otherwise(answer(429));
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->details.http_status, 429);
  EXPECT_EQ(clock->elapsed(), seconds(1200));
  EXPECT_EQ(on_disk(), std::nullopt);
}

// task-timeout counts from the accepted submit, and a submit has limits of its own.
TEST_F(Retries, hand_each_request_the_limit_of_its_phase) {
  settings().task_timeout = 100;
  settings().submit_timeout = 200;
  settings().poll_interval = 1000;
  script->add(unsent(FaultKind::refused));
  auto slow = accepted();
  slow.meanwhile = [&] { clock->advance(seconds(150)); };
  script->add(slow);
  script->add(status_is("Running"));
  script->add(success({link}));
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(script->request(i).response_timeout, seconds(200)) << i;
    EXPECT_EQ(script->request(i).deadline, std::nullopt) << i;
  }
  const auto answered = clock->now() - seconds(2);
  for (std::size_t i = 2; i < 4; ++i) {
    EXPECT_EQ(script->request(i).response_timeout, std::nullopt) << i;
    EXPECT_EQ(script->request(i).deadline, answered + seconds(100)) << i;
  }
  EXPECT_EQ(script->request(4).deadline, std::nullopt);
}

// A request that the limit cut short is not blamed on the service.
TEST_F(Retries, name_the_time_limit_where_it_cut_a_poll_short) {
  settings().task_timeout = 100;
  script->add(accepted());
  auto scene = lost(FaultKind::timed_out);
  scene.meanwhile = [&] { clock->advance(seconds(100)); };
  script->add(scene);
  run();
  ASSERT_TRUE(error());
  EXPECT_NE(error()->text.find("task-timeout"), std::string::npos) << error()->text;
  EXPECT_EQ(error()->details.resume, "task-id=task-1");
}

TEST_F(Retries, take_no_notice_of_a_wall_clock_that_jumps) {
  settings().task_timeout = 100;
  settings().poll_interval = 1000;
  script->add(accepted());
  auto forward = status_is("Running");
  forward.meanwhile = [&] { clock->jump(hours(24 * 365)); };
  script->add(forward);
  auto back = status_is("Running");
  back.meanwhile = [&] { clock->jump(hours(-24 * 365 * 50)); };
  script->add(back);
  script->add(status_is("Running"));
  script->add(success({link}));
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(clock->elapsed(), seconds(4));
  EXPECT_GE(job_state.lock()->progress.percent, 0);
}

// The n-th sleep of a job that only ever waits.
class Interrupted : public Retries, public testing::WithParamInterface<int> {};

TEST_P(Interrupted, ends_the_job_in_the_middle_of_any_wait) {
  script->add(unsent(FaultKind::refused), 2);
  script->add(accepted());
  script->add(status_is("Running"), 2);
  script->add(answer(502), 2);
  script->add(success({link}));
  script->add(answer(503), 2);
  script->add(whole(clip));
  clock->on_sleep = [this, left = GetParam()]() mutable {
    if (left-- == 0)
      job_state.leave();
  };
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::cancelled);
  EXPECT_EQ(clock->sleeps().size(), static_cast<std::size_t>(GetParam()));
}
// Two before the submit, one before each of the five polls, two in the download.
INSTANTIATE_TEST_SUITE_P(All, Interrupted, testing::Range(0, 9));

TEST_F(Retries, of_the_lock_end_with_the_time) {
  settings().task_timeout = 3600;
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(other->try_lock().ok());
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::read);
  EXPECT_NE(error()->text.find("task-timeout"), std::string::npos);
  EXPECT_EQ(clock->elapsed(), hours(1));
}

}  // namespace
}  // namespace modelverse::job::test
