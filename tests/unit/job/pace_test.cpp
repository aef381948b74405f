// SPDX-License-Identifier: LGPL-2.1-or-later
// What a 429 to one job means for the others.
#include "job/pace.h"

#include "bench.h"

namespace modelverse::job::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Random low = [] { return 0.0; };
const Random high = [] { return 0.75; };

struct PaceTest : Bench {
  Pace pace(const std::string& url) { return {url, limits}; }
  Clock::Duration wait(const std::string& url) { return pace(url).wait(now, low); }
  void refuse(std::optional<seconds> retry_after = {}) {
    pace(plan.base_url).note(429, retry_after, now);
  }
  RetryLimits limits;
  Clock::TimePoint now{};
};

TEST_F(PaceTest, slows_the_whole_origin_and_no_other_one) {
  refuse(seconds(7));
  EXPECT_EQ(wait(plan.base_url), seconds(7));
  EXPECT_EQ(wait(plan.base_url + "/v1/tasks"), seconds(7));
  EXPECT_EQ(wait(plan.base_url + ":8443"), seconds(0));
  EXPECT_EQ(wait("https://other.example"), seconds(0));
  now += seconds(7);
  EXPECT_EQ(wait(plan.base_url), seconds(0));
}

TEST_F(PaceTest, lets_the_jobs_come_back_one_after_the_other) {
  refuse(seconds(8));
  EXPECT_EQ(pace(plan.base_url).wait(now, high), seconds(14));
}

TEST_F(PaceTest, doubles_the_wait_where_the_service_does_not_say_it) {
  for (const auto expected : {milliseconds(500), milliseconds(1000), milliseconds(2000)}) {
    refuse();
    EXPECT_EQ(wait(plan.base_url), expected);
    refuse();
    EXPECT_EQ(wait(plan.base_url), expected) << "the answer to a request of before";
    now += expected;
  }
  pace(plan.base_url).note(200, {}, now);
  refuse();
  EXPECT_EQ(wait(plan.base_url), milliseconds(500));
}

TEST_F(PaceTest, is_not_ended_by_the_answer_to_a_request_of_before) {
  refuse(seconds(7));
  pace(plan.base_url).note(200, {}, now);
  EXPECT_EQ(wait(plan.base_url), seconds(7));
}

TEST_F(PaceTest, takes_the_longest_wait_that_is_asked_for_within_the_limit) {
  refuse(seconds(5));
  refuse(seconds(9));
  refuse(seconds(2));
  EXPECT_EQ(wait(plan.base_url), seconds(9));
  refuse(seconds(3600));
  EXPECT_EQ(wait(plan.base_url), seconds(60));
}

// Another job of the same service.
struct HeldBack : Bench {
  void refuse_another_job(const std::string& base_url) {
    const auto scene = std::make_shared<Script>();
    scene->add(answer(429, "", {{"Retry-After", "20"}}));
    ScriptedTransport transport{scene};
    Service(transport, *clock, {.base_url = base_url, .api_key = "another-key"})
        .status("task", {}, {});
  }
  Clock::Duration slept() const {
    Clock::Duration sum{};
    for (const auto sleep : clock->sleeps())
      sum += sleep;
    return sum;
  }
};

TEST_F(HeldBack, is_a_poll) {
  auto& job = this->job(submitted());
  refuse_another_job(plan.base_url);
  script->add(success({link}));
  EXPECT_TRUE(wait_for_result(job).ok());
  EXPECT_GE(slept(), seconds(20));
  EXPECT_EQ(script->count(), 1u);
}

TEST_F(HeldBack, is_a_submit) {
  auto& job = this->job();
  refuse_another_job(plan.base_url);
  clock->on_sleep = [&] { EXPECT_FALSE(on_disk()) << "nothing is announced meanwhile"; };
  script->add(accepted());
  EXPECT_TRUE(submit(job).ok());
  EXPECT_GE(slept(), seconds(20));
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(HeldBack, submits_end_when_they_are_stopped) {
  auto& job = this->job();
  refuse_another_job(plan.base_url);
  clock->on_sleep = [&] { job_state.leave(); };
  EXPECT_EQ(submit(job).error().code, ErrorCode::cancelled);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_FALSE(on_disk());
}

TEST_F(HeldBack, is_nobody_at_another_origin) {
  auto& job = this->job(submitted());
  refuse_another_job(plan.base_url + ":8443");
  script->add(success({link}));
  EXPECT_TRUE(wait_for_result(job).ok());
  EXPECT_LT(slept(), seconds(1));
}

}  // namespace
}  // namespace modelverse::job::test
