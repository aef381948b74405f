// SPDX-License-Identifier: LGPL-2.1-or-later
// The step that costs money: what each answer and fault leaves on disk, and how often it is sent.
#include "job/submission.h"

#include <filesystem>
#include <fstream>
#include <new>

#include "api/record_json.h"
#include "bench.h"
#include "job/polling.h"
#include "support/disk_faults.h"
#include "support/requests.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;

struct SubmitCase {
  const char* name;
  std::vector<Scene> scenes;
  ErrorCode code;
  const char* word;
  bool is_unknown;
};

class SubmitTable : public Bench, public testing::WithParamInterface<SubmitCase> {};

TEST_P(SubmitTable, ends_as_it_should) {
  const auto& row = GetParam();
  settings().retries = 0;
  for (const auto& scene : row.scenes)
    script->add(scene);
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, row.code);
  EXPECT_NE(end.error().text.find(row.word), std::string::npos) << end.error().text;
  EXPECT_EQ(end.error().details.phase, Phase::submit);
  EXPECT_EQ(script->posts(), row.scenes.size());
  EXPECT_EQ(script->left(), 0u);
  ASSERT_EQ(on_disk().has_value(), row.is_unknown);
  if (row.is_unknown) {
    EXPECT_EQ(on_disk()->state, RecordState::submitting);
  }
  EXPECT_FALSE(job_state.lock()->is_posting);
}

constexpr const char* billed = "may have been accepted and billed";

std::vector<Scene> refused_with(unsigned status, const char* code, const char* message) {
  return {answer(status, error_body(code, message))};
}

INSTANTIATE_TEST_SUITE_P(
    Refused, SubmitTable,
    testing::Values(
        SubmitCase{"name", {unsent(FaultKind::name_not_found)}, ErrorCode::not_found, "api", false},
        SubmitCase{"refused", {unsent(FaultKind::refused)}, ErrorCode::open_read, "refused", false},
        SubmitCase{"tls", {unsent(FaultKind::tls)}, ErrorCode::open_read, "certificate", false},
        SubmitCase{"both_schemes",
                   {answer(401), answer(401)},
                   ErrorCode::not_authorized,
                   "API key",
                   false},
        SubmitCase{"forbidden", {answer(403)}, ErrorCode::not_authorized, "quota", false},
        SubmitCase{"rate", {answer(429)}, ErrorCode::read, "rate of requests", false},
        SubmitCase{
            "wait", {answer(503, "", {{"Retry-After", "1"}})}, ErrorCode::read, "temporary", false},
        SubmitCase{"no_model", refused_with(503, "model_not_found", "x"), ErrorCode::settings,
                   "does not have this model", false},
        SubmitCase{"refused_in_200", refused_with(200, "sensitive_check_error", "x"),
                   ErrorCode::failed, "refused the content", false},
        SubmitCase{"misdirected", {answer(421)}, ErrorCode::settings, "does not accept", false},
        SubmitCase{"elsewhere",
                   {redirect(307, "https://other.example/")},
                   ErrorCode::settings,
                   "redirects",
                   false}),
    [](const auto& shown) { return shown.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Unknown, SubmitTable,
    testing::Values(
        SubmitCase{"reset", {lost(FaultKind::reset)}, ErrorCode::write, billed, true},
        SubmitCase{"silence", {lost(FaultKind::timed_out)}, ErrorCode::write, billed, true},
        SubmitCase{"cut", {cut(accepted(), 9)}, ErrorCode::write, billed, true},
        SubmitCase{
            "see_other", {redirect(303, "https://other.example/")}, ErrorCode::write, billed, true},
        SubmitCase{"status_408", {answer(408)}, ErrorCode::write, "resubmit", true},
        SubmitCase{"status_500", {answer(500)}, ErrorCode::write, "task-id", true},
        SubmitCase{"status_502", {answer(502)}, ErrorCode::write, billed, true},
        SubmitCase{"status_503", {answer(503)}, ErrorCode::write, billed, true},
        SubmitCase{"status_504", {answer(504)}, ErrorCode::write, billed, true},
        SubmitCase{"portal", {answer(200, "<html>")}, ErrorCode::write, billed, true},
        SubmitCase{"empty", {answer(200)}, ErrorCode::write, billed, true},
        SubmitCase{"unknown_error_in_200", refused_with(200, "strange_error", "x"),
                   ErrorCode::write, billed, true},
        SubmitCase{"no_id", {answer(200, R"({"output":{}})")}, ErrorCode::write, billed, true},
        SubmitCase{
            "huge", {answer(200, std::string(2 << 20, ' '))}, ErrorCode::write, billed, true}),
    [](const auto& shown) { return shown.param.name; });

using Submission = Bench;

TEST_F(Submission, writes_down_before_the_post_and_before_it_returns) {
  auto scene = accepted("task-3");
  scene.meanwhile = [&] {
    EXPECT_EQ(on_disk()->state, RecordState::submitting);
    EXPECT_TRUE(job_state.lock()->is_posting);
  };
  script->add(scene);
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
  EXPECT_EQ(on_disk()->task_id, "task-3");
  EXPECT_EQ(on_disk()->request_id, "request-1");
}

TEST_F(Submission, gives_up_when_its_retries_are_spent) {
  script->add(unsent(FaultKind::refused), 11);
  const auto end = submit(job());
  EXPECT_EQ(end.error().details.attempts, 11);
  EXPECT_EQ(script->posts(), 11u);
}

TEST_F(Submission, does_not_repeat_after_an_unknown_outcome) {
  script->add(unsent(FaultKind::refused));
  script->add(lost(FaultKind::reset));
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_EQ(end.error().details.attempts, 2);
}

TEST_F(Submission, shows_the_id_that_an_answer_names_beside_its_error) {
  script->add(answer(500, R"({"error":{"code":"timeout"},"data":{"task_id":"task-5"}})"));
  const auto end = submit(job());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_NE(end.error().text.find("task-5"), std::string::npos);
  EXPECT_EQ(end.error().details.resume, "task-id=task-5");
}

// The task may have been made, so nothing is withdrawn and nothing repeated.
TEST_F(Submission, takes_no_refusal_that_names_a_task_for_certain) {
  for (const unsigned status : {200u, 400u, 429u}) {
    script->add(answer(status, R"({"error":{"code":"rate_limit"},"data":{"task_id":"task-5"}})"));
    const auto end = submit(job());
    EXPECT_EQ(end.error().code, ErrorCode::write) << status;
    EXPECT_EQ(end.error().details.resume, "task-id=task-5") << status;
  }
  EXPECT_EQ(script->posts(), 3u);
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
}

TEST_F(Submission, keeps_an_id_that_stands_where_none_is_documented) {
  script->add(answer(200, R"({"code":0,"data":{"id":41}})"));
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(on_disk()->task_id, "41");
}

TEST_F(Submission, puts_the_record_of_before_back_when_it_is_refused) {
  auto& now = job();
  now.unknown = Record{.key = plan.key, .origin = plan.base_url, .prompt = "before"};
  script->add(answer(400));
  EXPECT_FALSE(submit(now).ok());
  ASSERT_TRUE(on_disk());
  EXPECT_EQ(on_disk()->prompt, "before");
}

TEST_F(Submission, is_refused_where_no_disk_takes_it_down) {
  auto& now = job();
  test_support::DiskFaults faults(directory.path());
  faults.fail_at(0, ENOSPC, true);
  const auto end = submit(now);
  EXPECT_EQ(end.error().code, ErrorCode::open_write);
  EXPECT_EQ(script->posts(), 0u);
}

TEST_F(Submission, tells_the_id_that_no_disk_takes_down_and_writes_it_later) {
  auto& now = job();
  test_support::DiskFaults faults(directory.path());
  auto scene = accepted("task-4");
  scene.meanwhile = [&] { faults.fail_at(0, EIO, true); };
  script->add(scene);
  ASSERT_TRUE(submit(now).ok());
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("task-id=task-4"), std::string::npos);
  EXPECT_EQ(warnings()[0].details.resume, "task-id=task-4");
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
  script->add(status_is("Running"));
  auto room_again = success({link});
  room_again.meanwhile = [&] { EXPECT_EQ(on_disk()->task_id, "task-4") << "before this poll"; };
  script->add(room_again);
  clock->on_sleep = [&] { faults.heal(); };
  EXPECT_TRUE(wait_for_result(now).ok());
}

// On a mount without common locks, whose names are seen late.
TEST_F(Submission, sends_nothing_where_another_machine_has_submitted_meanwhile) {
  auto& now = job();
  std::ofstream(entry_path("record.json")) << api::encode_record(submitted("task-9"));
  ASSERT_TRUE(submit(now).ok());
  EXPECT_EQ(now.record.task_id, "task-9");
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->task_id, "task-9");
  EXPECT_FALSE(now.entry->is_claimed());
}

// It was suspended while it connected, for longer than its claim lasts.
TEST_F(Submission, resumes_what_another_machine_has_submitted_when_its_own_is_not_sent) {
  auto& now = job();
  auto scene = unsent(FaultKind::refused);
  scene.meanwhile = [&] {
    std::filesystem::remove(entry_path("submit.claim"));
    std::ofstream(entry_path("record.json")) << api::encode_record(submitted("task-9"));
  };
  script->add(scene);
  ASSERT_TRUE(submit(now).ok());
  EXPECT_EQ(now.record.task_id, "task-9");
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(on_disk()->task_id, "task-9");
}

TEST_F(Submission, sends_nothing_where_its_claim_was_broken_while_it_connected) {
  auto& now = job();
  auto scene = accepted("task-1");
  scene.connecting = [&] { std::filesystem::remove(entry_path("submit.claim")); };
  scene.meanwhile = [] { ADD_FAILURE() << "it was sent"; };
  script->add(scene);
  script->add(accepted("task-2"));
  ASSERT_TRUE(submit(now).ok());
  EXPECT_EQ(on_disk()->task_id, "task-2") << "nobody else has submitted";
}

TEST_F(Submission, lets_other_machines_go_on_once_the_task_is_recorded) {
  auto& now = job();
  auto scene = accepted("task-3");
  scene.meanwhile = [&] { EXPECT_TRUE(now.entry->is_claimed()); };
  script->add(scene);
  ASSERT_TRUE(submit(now).ok());
  EXPECT_FALSE(now.entry->is_claimed());
}

TEST_F(Submission, warns_once_of_a_withdrawn_model_and_names_its_successor_when_it_is_refused) {
  settings().retries = 2;
  script->add(unsent(FaultKind::refused));
  script->add(answer(503, error_body("model_not_found", "no such model")));
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  for (const char* word : {"2026-09-24", "doubao-seedance-2-0-260128"})
    EXPECT_NE(end.error().text.find(word), std::string::npos) << end.error().text;
  std::vector<std::string> warned;
  for (const auto& event : job_state.lock()->events)
    if (const auto* one = std::get_if<Warned>(&event))
      warned.push_back(one->what.text);
  ASSERT_EQ(warned.size(), 1u);
  EXPECT_NE(warned[0].find("doubao-seedance-2-0-260128"), std::string::npos) << warned[0];
}

TEST_F(Submission, does_not_blame_the_withdrawal_for_what_any_model_refuses) {
  settings().retries = 0;
  script->add(answer(400, error_body("sensitive_check_error", "x")));
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().text.find("2026-09-24"), std::string::npos) << end.error().text;
}

TEST_F(Submission, sends_the_headers_of_the_models_row) {
  plan.profile = &api::find_profile("happyhorse-1.0-i2v");
  plan.settings.model = plan.profile->model;
  script->add(accepted());
  ASSERT_TRUE(submit(job()).ok());
  EXPECT_EQ(header_of(script->request(0), "X-DashScope-Async"), "enable");
}

// exit() would wait for it for ever.
TEST_F(Submission, is_over_when_an_exception_ends_it) {
  auto scene = accepted();
  scene.meanwhile = [] { throw std::bad_alloc(); };
  script->add(scene);
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::failed);
  EXPECT_FALSE(job_state.lock()->is_posting);
  EXPECT_EQ(on_disk()->state, RecordState::submitting) << "it may have been accepted";
}

TEST_F(Submission, finishes_the_post_when_its_reader_leaves) {
  auto scene = accepted("task-8");
  scene.meanwhile = [&] {
    job_state.leave();
    EXPECT_FALSE(job_state.stop_token().stop_requested());
  };
  script->add(scene);
  EXPECT_TRUE(submit(job()).ok());
  EXPECT_EQ(on_disk()->task_id, "task-8");
  EXPECT_TRUE(job_state.stop_token().stop_requested());
}

}  // namespace
}  // namespace modelverse::job::test
