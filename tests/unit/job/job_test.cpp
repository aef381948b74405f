// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/job.h"

#include "bench.h"

namespace modelverse::job::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Jobs = Bench;

TEST_F(Jobs, have_no_deadline_where_task_timeout_is_0) {
  settings().task_timeout = 0;
  auto& here = job();
  here.start_deadline();
  clock->advance(hours(1000));
  EXPECT_FALSE(here.is_overdue());
}

TEST_F(Jobs, are_overdue_after_task_timeout) {
  settings().task_timeout = 100;
  auto& here = job();
  here.start_deadline();
  clock->advance(seconds(99));
  EXPECT_FALSE(here.is_overdue());
  clock->advance(seconds(1));
  EXPECT_TRUE(here.is_overdue());
}

TEST_F(Jobs, sleep_no_longer_than_to_the_deadline) {
  settings().task_timeout = 100;
  auto& here = job();
  here.start_deadline();
  EXPECT_TRUE(here.sleep(seconds(40)));
  EXPECT_TRUE(here.sleep(seconds(400)));
  EXPECT_EQ(clock->elapsed(), seconds(100));
}

TEST_F(Jobs, wake_when_the_job_is_stopped) {
  auto& here = job();
  clock->on_sleep = [&] { job_state.leave(); };
  EXPECT_FALSE(here.sleep(seconds(1)));
}

TEST_F(Jobs, take_the_budget_from_the_settings) {
  settings().retries = 1;
  auto budget = job().retry_budget();
  EXPECT_TRUE(budget.next());
  EXPECT_FALSE(budget.next());
}

TEST_F(Jobs, forget_a_task_by_removing_its_entry) {
  forget_task(job(submitted()));
  EXPECT_FALSE(on_disk());
}

TEST_F(Jobs, forget_a_task_by_putting_back_the_submit_whose_outcome_is_not_known) {
  auto& here = job(submitted("task-new"));
  here.unknown = Record{.key = plan.key, .origin = plan.base_url};
  forget_task(here);
  ASSERT_TRUE(on_disk());
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
}

Status fail(Job&) {
  return Error{.code = ErrorCode::read, .text = "It failed", .debug = {}};
}

TEST_F(Jobs, name_the_phase_and_the_task_in_an_error_and_how_to_go_on) {
  auto& here = job();
  auto error = run_phase(here, Phase::submit, fail).error();
  EXPECT_EQ(error.details.phase, Phase::submit);
  EXPECT_EQ(error.details.resume, "");
  here.record = submitted("task-5");
  here.record.request_id = "request-1";
  error = run_phase(here, Phase::generate, fail).error();
  EXPECT_EQ(error.details.phase, Phase::generate);
  EXPECT_EQ(error.details.task_id, "task-5");
  EXPECT_EQ(error.details.resume, "task-id=task-5");
  EXPECT_EQ(error.details.request_id, "request-1");
  EXPECT_NE(error.text.find("It failed. The task is kept"), std::string::npos) << error.text;
}

}  // namespace
}  // namespace modelverse::job::test
