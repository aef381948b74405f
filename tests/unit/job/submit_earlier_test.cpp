// SPDX-License-Identifier: LGPL-2.1-or-later
// The same where the process ended in its POST: what the next run does.
#include <algorithm>

#include "store/ledger.h"
#include "submit_query_bench.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;
using std::chrono::seconds;

TEST_F(SubmitQuery, a_run_resumes_the_task_of_a_run_that_was_killed_in_its_post) {
  leave_unknown(seconds(10));
  script->add(found("real-1"));
  let_it_succeed();
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_NE(script->request(0).url.find("task_id=earlier"), std::string::npos);
  EXPECT_NE(script->request(1).url.find("task_id=real-1"), std::string::npos);
  EXPECT_EQ(on_disk()->task_id, "real-1");
  EXPECT_EQ(on_disk()->state, RecordState::complete);
}

TEST_F(SubmitQuery, a_run_waits_for_what_is_left_of_the_time_before_it_submits_again) {
  leave_unknown(seconds(100));
  lose_the_first();
  sent.push_back({"earlier", seconds(0)});
  EXPECT_TRUE(submit(job(*on_disk())).ok());
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_GE(sent[1].when, seconds(200));
  EXPECT_LT(sent[1].when, seconds(210));
  EXPECT_NE(sent[1].id, "earlier");
}

TEST_F(SubmitQuery, a_run_submits_at_once_where_the_time_is_over) {
  leave_unknown(seconds(1000));
  script->add(not_found());
  script->add(accepted("task-2"));
  let_it_succeed();
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

TEST_F(SubmitQuery, a_submit_of_an_earlier_run_stays_unknown_in_the_ledger_when_it_is_repeated) {
  const store::Ledger ledger(plan.cache_dir);
  auto entering = ledger.enter({.time = FakeClock::start - 1000, .key = plan.key}, {});
  leave_unknown(seconds(1000));
  auto record = *on_disk();
  record.ledger = std::get<store::EnteredSubmit>(*entering).name();
  leave(record);
  script->add(not_found());
  script->add(accepted("task-2"));
  let_it_succeed();
  run();
  ASSERT_FALSE(error()) << error()->text;
  const auto account = ledger.read();
  std::vector<std::string> tasks;
  for (const auto& entered : account->submits)
    if (entered.outcome != store::SubmitOutcome::refused)
      tasks.push_back(entered.task_id);
  std::ranges::sort(tasks);
  EXPECT_EQ(tasks, (std::vector<std::string>{"", "task-2"}));
}

// The limit of the run that submitted counts, not that of the one that asks.
TEST_F(SubmitQuery, a_run_with_a_shorter_limit_waits_no_shorter) {
  settings().submit_timeout = 1;
  leave_unknown(seconds(100));
  lose_the_first();
  sent.push_back({"earlier", seconds(0)});
  EXPECT_TRUE(submit(job(*on_disk())).ok());
  EXPECT_GE(sent.at(1).when, seconds(200));
}

TEST_F(SubmitQuery, another_account_proves_nothing) {
  leave_unknown(seconds(1000));
  auto record = *on_disk();
  record.account = account_of({.value = "another-key", .warning = {}});
  leave(record);
  script->add(not_found());
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::write);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->external_id, "earlier");
}

TEST_F(SubmitQuery, a_named_task_that_failed_brings_the_unknown_submit_back) {
  leave_unknown(seconds(10));
  settings().task_id = "mistaken";
  script->add(status_is("Failure"));
  run();
  EXPECT_EQ(error()->code, ErrorCode::failed);
  ASSERT_TRUE(on_disk());
  EXPECT_EQ(on_disk()->external_id, "earlier");
}

TEST_F(SubmitQuery, a_named_task_that_the_service_does_not_have_brings_the_unknown_submit_back) {
  leave_unknown(seconds(10));
  settings().task_id = "mistyped";
  script->add(not_found(), 3);
  run();
  EXPECT_EQ(error()->code, ErrorCode::not_found);
  ASSERT_TRUE(on_disk());
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
  EXPECT_EQ(on_disk()->external_id, "earlier");
}

TEST_F(SubmitQuery, a_wall_clock_that_went_back_shortens_no_time) {
  leave_unknown(seconds(-5000));
  lose_the_first();
  sent.push_back({"earlier", seconds(0)});
  EXPECT_TRUE(submit(job(*on_disk())).ok());
  EXPECT_GE(sent.at(1).when, seconds(300));
}

TEST_F(SubmitQuery, a_run_that_may_submit_again_asks_all_the_same) {
  settings().resubmit = true;
  leave_unknown(seconds(10));
  script->add(found("real-1"));
  let_it_succeed();
  run();
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->task_id, "real-1");
}

TEST_F(SubmitQuery, a_run_that_may_submit_again_does_not_wait) {
  settings().resubmit = true;
  leave_unknown(seconds(10));
  script->add(not_found());
  script->add(answer(400, error_body("param_error", "no")));
  run();
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_LT(clock->elapsed(), seconds(1));
  EXPECT_EQ(on_disk()->external_id, "earlier") << "nothing is proven of it yet";
}

TEST_F(SubmitQuery, a_run_that_cannot_ask_leaves_the_record) {
  settings().retries = 0;
  leave_unknown(seconds(10));
  script->add(lost(FaultKind::reset));
  run();
  EXPECT_EQ(error()->code, ErrorCode::write);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->external_id, "earlier");
}

TEST_F(SubmitQuery, nothing_is_left_of_a_task_that_was_found_and_failed) {
  leave_unknown(seconds(10));
  script->add(found("real-1"));
  script->add(status_is("Failure"));
  run();
  EXPECT_EQ(error()->code, ErrorCode::failed);
  EXPECT_FALSE(on_disk());
}

TEST_F(SubmitQuery, a_clip_of_another_number_can_be_wanted_of_the_task_that_is_found) {
  settings().url_index = 1;
  leave_unknown(seconds(10));
  script->add(found("real-1"));
  script->add(success({"https://results.example/0", link}));
  script->add(whole(mp4(2000)));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(on_disk()->url_index, 1u);
}

}  // namespace
}  // namespace modelverse::job::test
