// SPDX-License-Identifier: LGPL-2.1-or-later
// Asking for the task until it ends.
#include "job/polling.h"

#include "bench.h"
#include "store/task_times.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;

struct Polling : Bench {
  Result<std::string> wait() { return wait_for_result(job(submitted())); }
};

struct PassingCase {
  const char* name;
  Scene scene;
};

class Passing : public Polling, public testing::WithParamInterface<PassingCase> {};

TEST_P(Passing, is_survived_ten_times_in_a_row) {
  script->add(GetParam().scene, 10);
  script->add(status_is("Running"));
  script->add(GetParam().scene, 10);
  script->add(success({link}));
  const auto end = wait();
  ASSERT_TRUE(end.ok()) << end.error().text;
  EXPECT_EQ(*end, link);
  EXPECT_EQ(job_state.lock()->stats.polls, 22u);
}

TEST_P(Passing, ends_at_the_eleventh_and_keeps_the_record) {
  script->add(GetParam().scene, 11);
  const auto end = wait();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().details.attempts, 11);
  EXPECT_EQ(end.error().details.resume, "task-id=task-1");
  EXPECT_EQ(on_disk()->task_id, "task-1");
}

INSTANTIATE_TEST_SUITE_P(
    All, Passing,
    testing::Values(PassingCase{"reset", lost(FaultKind::reset)},
                    PassingCase{"silence", lost(FaultKind::timed_out)},
                    PassingCase{"refused", unsent(FaultKind::refused)},
                    PassingCase{"cut", cut(success({"https://x.example/"}), 9)},
                    PassingCase{"status_408", answer(408)}, PassingCase{"status_425", answer(425)},
                    PassingCase{"status_429", answer(429)}, PassingCase{"status_500", answer(500)},
                    PassingCase{"status_522", answer(522)},
                    PassingCase{"html", answer(200, "<html>")},
                    PassingCase{"error_in_200", answer(200, error_body("rate_limit", "slow"))},
                    PassingCase{"wrong_types", answer(200, R"({"output":{"task_status":1}})")},
                    PassingCase{"huge", answer(200, std::string(2 << 20, ' '))}),
    [](const auto& shown) { return shown.param.name; });

struct EndCase {
  const char* name;
  Scene scene;
  int times;
  ErrorCode code;
  bool keeps_record;
};

class PollEnd : public Polling, public testing::WithParamInterface<EndCase> {};

TEST_P(PollEnd, comes_after_that_many_answers) {
  const auto& row = GetParam();
  script->add(row.scene, row.times);
  const auto end = wait();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, row.code);
  EXPECT_EQ(script->left(), 0u);
  EXPECT_EQ(on_disk().has_value(), row.keeps_record);
  EXPECT_EQ(end.error().details.task_id, "task-1");
}

INSTANTIATE_TEST_SUITE_P(
    All, PollEnd,
    testing::Values(EndCase{"key", answer(401), 2, ErrorCode::not_authorized, true},
                    EndCase{"quota", answer(403), 1, ErrorCode::not_authorized, true},
                    EndCase{"unknown_task", answer(404), 3, ErrorCode::not_found, true},
                    EndCase{"unknown_task_in_400", answer(400, error_body("", "Task Not Found")), 3,
                            ErrorCode::not_found, true},
                    EndCase{"unknown_task_in_200", answer(200, error_body("task_not_found", "")), 3,
                            ErrorCode::not_found, true},
                    EndCase{"bad_request", answer(400), 3, ErrorCode::settings, true},
                    EndCase{"failure", status_is("Failure"), 1, ErrorCode::failed, false},
                    EndCase{"no_urls", status_is("Success"), 4, ErrorCode::read, true},
                    EndCase{"empty_urls", success({}), 4, ErrorCode::read, true},
                    EndCase{"empty_link", success({""}), 4, ErrorCode::read, true},
                    EndCase{"tls", unsent(FaultKind::tls), 1, ErrorCode::open_read, true}),
    [](const auto& shown) { return shown.param.name; });

TEST_F(Polling, counts_refusals_from_the_last_good_answer) {
  for (int i = 0; i < 2; ++i) {
    script->add(answer(404), 2);
    script->add(status_is("Running"));
  }
  script->add(success({link}));
  EXPECT_TRUE(wait().ok());
}

TEST_F(Polling, tells_why_the_task_failed) {
  script->add(status_is("Failure", R"(,"error_message":"bad frame")"));
  EXPECT_NE(wait().error().text.find("bad frame"), std::string::npos);
  script->add(status_is("Failure", R"(,"error_message":"rejected by moderation")"));
  EXPECT_NE(wait().error().text.find("refused the content"), std::string::npos);
}

TEST_F(Polling, warns_once_of_a_status_that_it_does_not_know) {
  script->add(status_is("Baking"), 3);
  script->add(success({link}));
  EXPECT_TRUE(wait().ok());
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("Baking"), std::string::npos);
  EXPECT_NE(warnings()[0].text.find("task-timeout (3600 s)"), std::string::npos);
}

TEST_F(Polling, says_that_an_unknown_status_may_last_for_ever) {
  settings().task_timeout = 0;
  script->add(status_is("Baking"));
  script->add(success({link}));
  EXPECT_TRUE(wait().ok());
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("waits forever"), std::string::npos);
}

TEST_F(Polling, fetches_the_link_of_a_status_that_it_does_not_know) {
  script->add(status_is("finished", R"(,"urls":[")" + link + R"("])"));
  EXPECT_EQ(*wait(), link);
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("link"), std::string::npos);
  EXPECT_EQ(warnings()[0].text.find(link), std::string::npos);
}

// Nobody documented that the task has failed: it may be paid for, so its record stays.
TEST_F(Polling, keeps_the_record_of_a_task_whose_status_only_sounds_like_a_failure) {
  script->otherwise(status_is("rejected"));
  settings().task_timeout = 3600;
  EXPECT_EQ(wait().error().code, ErrorCode::read);
  EXPECT_TRUE(on_disk());
}

TEST_F(Polling, picks_the_clip_of_url_index) {
  settings().url_index = 1;
  script->add(success({"https://a.example/0", "https://a.example/1"}));
  EXPECT_EQ(*wait(), "https://a.example/1");
}

TEST_F(Polling, says_how_many_clips_there_are_when_url_index_is_too_large) {
  settings().url_index = 2;
  script->add(success({link}), 4);
  const auto end = wait();
  EXPECT_EQ(end.error().code, ErrorCode::settings);
  EXPECT_NE(end.error().text.find("1 clip"), std::string::npos);
}

TEST_F(Polling, tells_once_how_many_clips_there_are) {
  settings().url_index = 1;
  script->add(success({"https://a.example/0", "https://a.example/1"}), 2);
  EXPECT_TRUE(wait().ok());
  EXPECT_TRUE(renew_link(job()).ok());
  std::vector<ResultKnown> told;
  for (const auto& event : job_state.lock()->events)
    if (const auto* result = std::get_if<ResultKnown>(&event))
      told.push_back(*result);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].count, 2u);
  EXPECT_EQ(told[0].index, 1u);
}

TEST_F(Polling, is_quiet_until_earlier_tasks_had_ended) {
  auto earlier = submitted();
  for (int i = 0; i < 20; ++i) {
    earlier.submit_time = 1000 * (i + 1);
    earlier.finish_time = earlier.submit_time + 100;
    store::add_task_time(plan.cache_dir, earlier);
  }
  auto& job = this->job(submitted());
  job.is_submitted_now = true;
  script->add(status_is("Running"), 15);
  script->add(
      status_is("Success", R"(,"urls":[")" + link + R"("],"submit_time":5,"finish_time":97)"));
  ASSERT_TRUE(wait_for_result(job).ok());
  const auto waits = clock->sleeps();
  EXPECT_EQ(waits[0], std::chrono::seconds(2));
  EXPECT_EQ(waits[1], std::chrono::seconds(10));
  EXPECT_LT(waits.back(), std::chrono::seconds(3));
  const auto times = store::read_task_times(plan.cache_dir, submitted());
  ASSERT_EQ(times.size(), 21u);
  EXPECT_EQ(times.back(), 92);
}

TEST_F(Polling, ends_at_task_timeout_with_the_resume_line) {
  script->otherwise(status_is("Running"));
  settings().task_timeout = 3 * 3600;
  const auto end = wait();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::read);
  EXPECT_NE(end.error().text.find("task-id=task-1"), std::string::npos);
  EXPECT_NE(end.error().text.find("is billed"), std::string::npos);
  EXPECT_EQ(clock->elapsed(), std::chrono::hours(3));
  EXPECT_TRUE(on_disk());
}

TEST_F(Polling, ends_at_once_when_it_is_stopped) {
  clock->on_sleep = [this, first = true]() mutable {
    if (!std::exchange(first, false))
      job_state.leave();
  };
  script->add(status_is("Running"));
  EXPECT_EQ(wait().error().code, ErrorCode::cancelled);
  EXPECT_EQ(script->count(), 1u);
}

}  // namespace
}  // namespace modelverse::job::test
