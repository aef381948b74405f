// SPDX-License-Identifier: LGPL-2.1-or-later
// What a submit may cost, and what the ledger says of it before and after.
#include "job/budget.h"

#include <glib.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>

#include "bench.h"
#include "job/submission.h"
#include "store/lock.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

constexpr std::int64_t price = 8'560'000;  // of the bench's request

struct Budget : Bench {
  Budget() {
    g_unsetenv("MODELVERSE_DAILY_BUDGET");
    settings().retries = 0;
    plan.cost = Money{price, "CNY"};
  }
  ~Budget() override { g_unsetenv("MODELVERSE_DAILY_BUDGET"); }

  std::vector<store::LedgerEntry> submits() {
    const auto account = store::Ledger(plan.cache_dir).read();
    EXPECT_TRUE(account.ok());
    return account->submits;
  }
  // The outcome of the only submit.
  store::SubmitOutcome outcome() {
    const auto all = submits();
    EXPECT_EQ(all.size(), 1u);
    return all.at(0).outcome;
  }
  std::string unknown_submit() {
    auto entering =
        store::Ledger(plan.cache_dir)
            .enter({.time = clock->unix_time(), .key = plan.key, .cost = plan.cost}, {});
    return std::get<store::EnteredSubmit>(*entering).name();
  }
  void spend() {
    ASSERT_TRUE(store::Ledger(plan.cache_dir)
                    .enter({.time = clock->unix_time(), .key = plan.key, .cost = plan.cost}, {})
                    .ok());
  }
  // Refused with both figures, and without a request.
  void expect_refusal(const char* one, const char* other) {
    const auto end = submit(job());
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, ErrorCode::settings);
    EXPECT_NE(end.error().text.find(one), std::string::npos) << end.error().text;
    EXPECT_NE(end.error().text.find(other), std::string::npos) << end.error().text;
    EXPECT_EQ(script->posts(), 0u);
    EXPECT_FALSE(on_disk());
  }
  void expect_submit() {
    script->add(accepted());
    const auto end = submit(job());
    EXPECT_TRUE(end.ok()) << end.error().text;
  }
};

TEST_F(Budget, is_charged_before_the_post_and_told_the_task_after_it) {
  auto scene = accepted("task-3");
  scene.meanwhile = [&] {
    EXPECT_EQ(outcome(), store::SubmitOutcome::unknown);
    EXPECT_EQ(submits()[0].cost, (Money{price, "CNY"}));
  };
  script->add(scene);
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(outcome(), store::SubmitOutcome::accepted);
  EXPECT_EQ(submits()[0].task_id, "task-3");
  EXPECT_EQ(submits()[0].key, plan.key);
  EXPECT_EQ(submits()[0].model, settings().model);
  EXPECT_EQ(submits()[0].time, clock->unix_time());
}

TEST_F(Budget, is_not_charged_for_a_refused_submit) {
  script->add(answer(400));
  ASSERT_FALSE(submit(job()).ok());
  EXPECT_TRUE(submits().empty());
}

TEST_F(Budget, is_charged_for_a_lost_response) {
  script->add(answer(500));
  ASSERT_FALSE(submit(job()).ok());
  EXPECT_EQ(outcome(), store::SubmitOutcome::unknown);
}

// As on NFS: the change is made, and its answer says that it failed.
TEST_F(Budget, is_charged_for_nothing_that_was_not_sent_where_the_file_server_is_not_heard) {
  const auto ledger = store::Ledger(plan.cache_dir).directory();
  for (std::size_t number = 0;; ++number) {
    std::filesystem::remove_all(plan.cache_dir);
    auto& now = job();
    script->otherwise(accepted());
    const auto before = script->posts();
    test_support::DiskFaults faults(ledger);
    faults.lose_response_at(number, EIO);
    (void)submit(now);
    faults.heal();
    const auto called = test_support::DiskFaults::calls();
    SCOPED_TRACE(called.size() > number ? called[number] : std::string("not reached"));
    EXPECT_EQ(submits().size(), script->posts() - before);
    if (called.size() <= number)
      break;
  }
}

TEST_F(Budget, is_charged_once_for_what_is_repeated) {
  settings().retries = 2;
  script->add(unsent(http::FaultKind::refused));
  script->add(answer(429));
  script->add(accepted());
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(outcome(), store::SubmitOutcome::accepted);
}

TEST_F(Budget, has_nothing_of_a_submit_that_no_connection_took) {
  script->add(unsent(http::FaultKind::refused));
  ASSERT_FALSE(submit(job()).ok());
  EXPECT_TRUE(submits().empty());
}

TEST_F(Budget, of_a_clip_is_a_limit) {
  settings().max_cost = 8.55;
  expect_refusal("8.56 CNY", "max-cost is 8.55");
  settings().max_cost = 8.56;
  expect_submit();
}

TEST_F(Budget, is_a_number) {
  settings().max_cost = std::nan("");
  expect_refusal("max-cost is not an amount", "nan");
  settings().max_cost = 0;
  settings().daily_budget = std::nan("");
  expect_refusal("daily-budget is not an amount", "nan");
}

TEST_F(Budget, of_a_clip_is_no_limit_for_an_unknown_cost_but_a_refusal) {
  plan.cost.reset();
  settings().max_cost = 1000;
  expect_refusal("unknown", "1000.00");
  settings().max_cost = 0;
  settings().daily_budget = 50;
  expect_refusal("unknown", "50.00");
  settings().daily_budget = 0;
  expect_submit();
}

TEST_F(Budget, of_a_day_is_shared_by_all_submits_of_the_directory) {
  settings().daily_budget = 3 * 8.56;
  spend();
  spend();
  expect_submit();
  EXPECT_EQ(submits().size(), 3u);
  settings().daily_budget = 3 * 8.56 + 1;
  plan.key[0] = plan.key[0] == '0' ? '1' : '0';
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::settings);
  EXPECT_NE(end.error().text.find("Of the daily-budget of 26.68 CNY, 25.68 CNY are already used"),
            std::string::npos)
      << end.error().text;
  EXPECT_EQ(script->posts(), 1u);
  clock->jump(std::chrono::hours(25));
  expect_submit();
}

TEST_F(Budget, of_a_day_is_unknown_beside_a_submit_of_unknown_cost) {
  settings().daily_budget = 1000;
  spend();
  ASSERT_TRUE(
      store::Ledger(plan.cache_dir).enter({.time = clock->unix_time(), .model = "m"}, {}).ok());
  expect_refusal("cost of 1 submit (one is of m) of the last 24 hours is unknown",
                 "8.56 CNY by 1 submit");
}

TEST_F(Budget, that_is_used_up_announces_no_submit) {
  spend();
  settings().daily_budget = 10;
  ASSERT_FALSE(submit(job()).ok());
  auto state = job_state.lock();
  EXPECT_EQ(state->status, TaskStatus::none);
  for (const auto& event : state->events)
    EXPECT_FALSE(std::holds_alternative<PhaseStarted>(event));
}

TEST_F(Budget, of_a_day_can_be_that_of_the_environment) {
  g_setenv("MODELVERSE_DAILY_BUDGET", "8.56", TRUE);
  spend();
  expect_refusal("8.56 CNY", "daily-budget");
  settings().daily_budget = 20;
  expect_submit();
}

TEST_F(Budget, of_the_environment_that_is_no_amount_is_no_permission) {
  for (const char* text : {"ten", "-1", "5 CNY", "nan", "inf"}) {
    g_setenv("MODELVERSE_DAILY_BUDGET", text, TRUE);
    expect_refusal("MODELVERSE_DAILY_BUDGET", text);
  }
}

// The limits are those of a submit.
TEST_F(Budget, does_not_matter_for_a_task_that_is_there) {
  leave(submitted());
  spend();
  settings().max_cost = 1;
  settings().daily_budget = 1;
  script->add(status_is("Failure"));
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::failed);
  EXPECT_EQ(error()->details.cost, (Money{price, "CNY"}));
  EXPECT_EQ(script->posts(), 0u);
}

TEST_F(Budget, learns_of_the_task_from_the_record_of_a_run_that_was_killed) {
  auto record = submitted("task-9");
  record.ledger = unknown_submit();
  leave(record);
  EXPECT_EQ(outcome(), store::SubmitOutcome::unknown);
  script->add(status_is("Failure"));
  run();
  EXPECT_EQ(outcome(), store::SubmitOutcome::accepted);
  EXPECT_EQ(submits()[0].task_id, "task-9");
}

// The user has found the task in his account.
TEST_F(Budget, learns_of_the_task_that_is_adopted_for_a_submit_of_unknown_outcome) {
  leave(Record{.key = plan.key, .origin = plan.base_url, .ledger = unknown_submit()});
  settings().task_id = "task-9";
  script->add(success({link}));
  script->add(whole(mp4(2000)));
  run();
  EXPECT_FALSE(error());
  EXPECT_EQ(outcome(), store::SubmitOutcome::accepted);
  EXPECT_EQ(submits()[0].task_id, "task-9");
}

TEST_F(Budget, learns_nothing_from_a_task_that_the_service_does_not_have) {
  leave(Record{.key = plan.key, .origin = plan.base_url, .ledger = unknown_submit()});
  settings().task_id = "task-9";
  script->add(answer(404), 3);
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::not_found);
  EXPECT_EQ(outcome(), store::SubmitOutcome::unknown);
}

TEST_F(Budget, waits_longer_each_time_for_a_busy_ledger_but_not_forever) {
  using std::chrono::milliseconds;
  settings().daily_budget = 100;
  store::DirectoryLock other(store::Ledger(plan.cache_dir).directory());
  ASSERT_TRUE(*other.try_take(store::DirectoryLock::Missing::make));
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::open_write);
  const auto waits = clock->sleeps();
  ASSERT_GT(waits.size(), 3u);
  EXPECT_EQ(waits[1], 2 * waits[0]);
  EXPECT_EQ(waits[2], 4 * waits[0]);
  EXPECT_LE(*std::max_element(waits.begin(), waits.end()), milliseconds(2000));
  EXPECT_EQ(clock->elapsed(), std::chrono::seconds(120));
  EXPECT_EQ(script->posts(), 0u);
}

TEST_F(Budget, is_named_by_the_progress_and_the_stats) {
  script->add(accepted());
  ASSERT_TRUE(submit(job()).ok());
  auto state = job_state.lock();
  EXPECT_EQ(state->stats.cost, (Money{price, "CNY"}));
  // Behind the warning of the default model's withdrawal.
  const auto* started = std::get_if<PhaseStarted>(&state->events.at(1));
  ASSERT_TRUE(started);
  EXPECT_NE(started->text.find("8.56 CNY"), std::string::npos) << started->text;
}

}  // namespace
}  // namespace modelverse::job::test
