// SPDX-License-Identifier: LGPL-2.1-or-later
// A submit whose answer was lost, for a model that takes an id of ours: what the service says of
// it, and how often is paid.
#include "job/submit_query.h"

#include "store/ledger.h"
#include "submit_query_bench.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;
using std::chrono::seconds;

TEST_F(SubmitQuery, a_random_id_is_written_down_before_it_is_sent) {
  auto scene = accepted();
  std::string written;
  scene.meanwhile = [&] { written = on_disk()->external_id; };
  script->add(scene);
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(written.size(), 32u) << written;
  EXPECT_EQ(id_in(script->request(0)), written);
  EXPECT_EQ(on_disk()->external_id, "") << "the task has an id of its own now";
}

// Also in two children of one process: fork(2) copies the state of GLib's random numbers.
TEST_F(SubmitQuery, each_request_has_another_id) {
  script->add(accepted(), 2);
  g_random_set_seed(1);
  ASSERT_TRUE(submit(job()).ok());
  ASSERT_TRUE(job().entry->remove());
  g_random_set_seed(1);
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_NE(id_in(script->request(0)), id_in(script->request(1)));
}

struct LostCase {
  const char* name;
  Scene scene;
};

class LostAnswer : public SubmitQuery, public testing::WithParamInterface<LostCase> {};

TEST_P(LostAnswer, is_settled_by_one_query) {
  script->add(GetParam().scene);
  script->add(found("real-1"));
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_NE(script->request(1).url.find("task_id=" + id_in(script->request(0))), std::string::npos);
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
  EXPECT_EQ(on_disk()->task_id, "real-1");
  EXPECT_EQ(job_state.lock()->stats.task_id, "real-1");
}

INSTANTIATE_TEST_SUITE_P(All, LostAnswer,
                         testing::Values(LostCase{"reset", lost(FaultKind::reset)},
                                         LostCase{"silence", lost(FaultKind::timed_out)},
                                         LostCase{"cut", cut(accepted(), 9)},
                                         LostCase{"status_408", answer(408)},
                                         LostCase{"status_500", answer(500)},
                                         LostCase{"status_504", answer(504)},
                                         LostCase{"portal", answer(200, "<html>")},
                                         LostCase{"no_id", answer(200, R"({"output":{}})")}),
                         [](const auto& shown) { return shown.param.name; });

TEST_F(SubmitQuery, a_refusal_needs_none) {
  script->add(answer(400, error_body("param_error", "no")));
  EXPECT_EQ(submit(job()).error().code, ErrorCode::settings);
  EXPECT_EQ(script->count(), 1u);
  EXPECT_FALSE(on_disk());
}

TEST_F(SubmitQuery, a_task_that_appears_late_is_not_paid_for_twice) {
  lose_the_first([asked = 0]() mutable { return ++asked < 5 ? not_found() : found(); });
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(on_disk()->task_id, "task-1");
  EXPECT_EQ(job_state.lock()->stats.retries, 4u);
  EXPECT_LT(clock->elapsed(), seconds(60));
}

TEST_F(SubmitQuery, repeats_the_submit_once_the_time_is_over_in_which_it_may_be_accepted) {
  lose_the_first();
  ASSERT_TRUE(submit(job()).ok());
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_GE(sent[1].when, seconds(300));
  EXPECT_LT(sent[1].when, seconds(310));
  EXPECT_NE(sent[0].id, sent[1].id);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

// auth-scheme=auto may have sent it twice: its first byte may have been the last thing that was
// sent.
TEST_F(SubmitQuery, the_time_counts_from_the_end_of_the_post) {
  auto slow = lost(FaultKind::reset);
  slow.meanwhile = [&] { clock->advance(seconds(100)); };
  script->add(slow);
  lose_the_first();
  sent.push_back({"the slow one", seconds(0)});
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_GE(sent.at(1).when, seconds(400));
}

TEST_F(SubmitQuery, the_time_is_submit_timeout) {
  settings().submit_timeout = 20;
  lose_the_first();
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_LT(sent.at(1).when, seconds(25));
}

TEST_F(SubmitQuery, a_submit_that_was_not_accepted_is_repeated_within_retries) {
  settings().retries = 0;
  lose_the_first();
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_NE(end.error().text.find("not accepted"), std::string::npos) << end.error().text;
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_FALSE(on_disk()) << "nothing is unknown";
}

// Should the status route not know ids of the caller, each repetition is another clip.
TEST_F(SubmitQuery, a_submit_that_is_repeated_counts_in_the_daily_budget) {
  plan.cost = Money{4'000'000, "CNY"};
  settings().daily_budget = 10;
  lose_each();
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::settings) << end.error().text;
  EXPECT_EQ(script->posts(), 2u);
  const auto account = store::Ledger(plan.cache_dir).read();
  for (const auto& entered : account->submits)
    EXPECT_EQ(entered.outcome, store::SubmitOutcome::unknown);
}

TEST_F(SubmitQuery, a_page_of_a_gateway_proves_nothing) {
  lose_the_first([] { return answer(404, "<html>not found</html>"); });
  EXPECT_EQ(submit(job()).error().code, ErrorCode::write);
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
}

TEST_F(SubmitQuery, an_answer_that_named_a_task_is_not_taken_for_none) {
  settings().submit_timeout = 1;
  script->add(answer(500, R"({"error":{"code":"timeout"},"task_id":"task-5"})"));
  script->otherwise(not_found());
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_EQ(end.error().details.resume, "task-id=task-5");
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(SubmitQuery, an_error_that_does_not_say_so_proves_nothing) {
  lose_the_first([] { return answer(400, error_body("006001095", "Task response error")); });
  EXPECT_EQ(submit(job()).error().code, ErrorCode::write);
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(SubmitQuery, the_outcome_stays_unknown_where_nobody_can_be_asked) {
  lose_the_first([] { return lost(FaultKind::reset); });
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_NE(end.error().text.find("may have been accepted"), std::string::npos);
  EXPECT_NE(end.error().text.find("same request again"), std::string::npos);
  EXPECT_EQ(script->count(), 12u) << "a submit, a query and ten retries";
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
  EXPECT_EQ(on_disk()->external_id, sent.at(0).id) << "the next run asks";
}

TEST_F(SubmitQuery, a_key_that_may_not_ask_ends_it_at_once) {
  lose_the_first([] { return answer(403); });
  EXPECT_EQ(submit(job()).error().code, ErrorCode::write);
  EXPECT_EQ(script->count(), 2u);
}

TEST_F(SubmitQuery, is_ended_at_once_by_stop) {
  lose_the_first();
  clock->on_sleep = [this] { job_state.leave(); };
  EXPECT_EQ(submit(job()).error().code, ErrorCode::cancelled);
  EXPECT_EQ(script->count(), 2u);
  EXPECT_EQ(on_disk()->external_id, sent.at(0).id);
}

TEST_F(SubmitQuery, is_not_cut_by_task_timeout) {
  settings().task_timeout = 1;
  lose_the_first([asked = 0]() mutable { return ++asked < 5 ? not_found() : found(); });
  EXPECT_TRUE(submit(job()).ok());
}

TEST_F(SubmitQuery, an_id_of_the_users_is_used_and_never_replaced) {
  plan.settings.extra_parameters = {{"external_task_id", {std::string("mine")}}};
  lose_the_first();
  ASSERT_TRUE(submit(job()).ok());
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].id, "mine");
  EXPECT_EQ(sent[1].id, "mine");
  EXPECT_NE(script->request(1).url.find("task_id=mine"), std::string::npos);
}

// Without a job, for the removal of a record.
struct AskedOnce : SubmitQuery {
  AskedOnce() {
    g_setenv("MODELVERSE_BASE_URL", plan.base_url.c_str(), TRUE);
    g_setenv("MODELVERSE_API_KEY", "k", TRUE);
    leave_unknown(std::chrono::seconds(1000));
    record = *on_disk();
    record.account = account_of({.value = "k", .warning = {}});
  }
  ~AskedOnce() override {
    g_unsetenv("MODELVERSE_BASE_URL");
    g_unsetenv("MODELVERSE_API_KEY");
  }
  Result<std::optional<TaskInfo>> ask() { return ask_for_submit(record, environment()); }
  Record record;
};

TEST_F(AskedOnce, the_service_names_the_task) {
  script->add(found("real-1"));
  EXPECT_EQ((*ask())->task_id, "real-1");
  EXPECT_NE(script->request(0).url.find("task_id=earlier"), std::string::npos);
}

TEST_F(AskedOnce, the_service_says_that_there_is_none) {
  script->add(not_found());
  EXPECT_FALSE(*ask());
}

TEST_F(AskedOnce, too_early_or_as_another_account_proves_nothing) {
  script->add(not_found(), 2);
  record.proven_time = FakeClock::start + 1;
  EXPECT_EQ(ask().error().code, ErrorCode::not_found);
  record.proven_time = FakeClock::start - 1;
  record.account.clear();
  EXPECT_EQ(ask().error().code, ErrorCode::not_found);
}

TEST_F(AskedOnce, another_service_is_not_asked) {
  record.origin = "https://other.example";
  EXPECT_EQ(ask().error().code, ErrorCode::settings);
  EXPECT_EQ(script->left(), 0u);
}

}  // namespace
}  // namespace modelverse::job::test
