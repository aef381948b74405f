// SPDX-License-Identifier: LGPL-2.1-or-later
// Which threads run the work, and when.
#include "job/workers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench.h"
#include "job/registry.h"
#include "store/cache.h"
#include "support/waiting.h"

namespace modelverse::job::test {
namespace {

using namespace std::chrono_literals;
using test_support::job_threads;
using test_support::wait_until;
using Again = std::optional<Clock::TimePoint>;

constexpr auto patience = 30s;
constexpr auto never = 24h;

Clock::TimePoint in(Clock::Duration time) {
  return std::chrono::steady_clock::now() + time;
}

// Never freed: a thread may still be on its way out of the mutex.
Workers& new_workers() {
  static auto* const all = new std::vector<std::unique_ptr<Workers>>;
  return *all->emplace_back(std::make_unique<Workers>());
}

struct WorkersTest : testing::Test {
  Workers& workers = new_workers();
};

TEST_F(WorkersTest, call_again_at_the_time_that_is_asked_for) {
  std::promise<void> is_done;
  int calls = 0;
  const auto begun = std::chrono::steady_clock::now();
  workers.add(
      [&]() -> Again {
        if (++calls == 3) {
          is_done.set_value();
          return {};
        }
        return in(30ms);
      },
      {});
  ASSERT_EQ(is_done.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(calls, 3);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 60ms);
  EXPECT_TRUE(wait_until([] { return job_threads() == 0; }));
}

TEST_F(WorkersTest, do_not_let_one_wait_for_another) {
  constexpr int many = 20;
  std::latch all_run(many);
  std::latch are_done(many);
  for (int i = 0; i < many; ++i)
    workers.add(
        [&]() -> Again {
          all_run.arrive_and_wait();
          are_done.count_down();
          return {};
        },
        {});
  are_done.wait();
  EXPECT_TRUE(wait_until([] { return job_threads() == 0; }));
}

TEST_F(WorkersTest, take_the_work_in_the_order_of_its_time) {
  std::mutex mutex;
  std::vector<int> order;
  std::vector<int> first(3, 1);
  std::latch are_done(3);
  for (int i = 0; i < 3; ++i)
    workers.add(
        [&, i]() -> Again {
          if (std::exchange(first[static_cast<std::size_t>(i)], 0))
            return in(100ms * (3 - i));
          const std::lock_guard lock(mutex);
          order.push_back(i);
          are_done.count_down();
          return {};
        },
        {});
  are_done.wait();
  EXPECT_EQ(order, (std::vector{2, 1, 0}));
}

TEST_F(WorkersTest, need_few_threads_while_all_wait) {
  constexpr std::size_t many = 200;
  std::vector<std::stop_source> stops(many);
  std::atomic<std::size_t> waiting = 0, ended = 0;
  for (const auto& stop : stops)
    workers.add(
        [&, token = stop.get_token()]() -> Again {
          if (token.stop_requested()) {
            ++ended;
            return {};
          }
          ++waiting;
          return in(never);
        },
        stop.get_token());
  EXPECT_TRUE(wait_until([&] { return waiting == many && job_threads() <= 4; })) << job_threads();
  EXPECT_GE(job_threads(), 1);
  for (auto& stop : stops)
    stop.request_stop();
  EXPECT_TRUE(wait_until([&] { return ended == many; }));
  EXPECT_EQ(waiting, many) << "not before the time, and not twice";
  EXPECT_TRUE(wait_until([] { return job_threads() == 0; }));
}

TEST_F(WorkersTest, see_a_stop_at_any_moment) {
  for (int i = 0; i < 300; ++i) {
    std::stop_source stop;
    std::promise<void> has_ended;
    workers.add(
        [&, token = stop.get_token()]() -> Again {
          if (!token.stop_requested())
            return in(never);
          has_ended.set_value();
          return {};
        },
        stop.get_token());
    std::this_thread::sleep_for(std::chrono::microseconds(i));
    stop.request_stop();
    ASSERT_EQ(has_ended.get_future().wait_for(patience), std::future_status::ready) << i;
  }
}

// Jobs with the machine's clock, as elements have them.
struct Suspended : Bench {
  JobEnvironment timed() {
    auto timed = environment();
    timed.clock = std::make_shared<SystemClock>();
    timed.is_timed_by_workers = true;
    return timed;
  }
  Plan numbered(int number) {
    auto other = plan;
    auto digits = std::to_string(number);
    other.key.replace(0, digits.size(), digits);
    return other;
  }
};

TEST_F(Suspended, jobs_hold_no_thread_while_they_wait_and_end_when_they_are_stopped) {
  constexpr int many = 50;
  settings().poll_interval = 3'600'000;
  script->otherwise([](const auto& request) {
    return request.method == http::Method::post ? accepted() : status_is("Running");
  });
  std::vector<std::shared_ptr<JobState>> states;
  for (int i = 0; i < many; ++i)
    states.push_back(join_job(numbered(i + 100), timed())->job_state);
  EXPECT_TRUE(wait_until([&] { return script->posts() == many && job_threads() <= 4; }));
  EXPECT_EQ(running_jobs(), static_cast<unsigned>(many));
  for (const auto& state : states)
    state->leave();
  EXPECT_TRUE(wait_until([] { return running_jobs() == 0 && job_threads() == 0; }));
  for (int i = 0; i < many; ++i) {
    EXPECT_EQ(states[static_cast<std::size_t>(i)]->lock()->error->code, ErrorCode::cancelled);
    const auto entry = store::Cache(plan.cache_dir).entry(numbered(i + 100).key);
    EXPECT_EQ(entry->load()->record->state, RecordState::submitted);
    EXPECT_TRUE(*entry->try_lock()) << "the job has let go of it";
  }
}

TEST_F(Suspended, a_job_ends_with_its_clip) {
  settings().poll_interval = 5;
  const auto clip = mp4(2000);
  script->add(accepted());
  script->add(status_is("Running"), 20);
  script->add(success({link}));
  script->add(whole(clip));
  const auto state = join_job(plan, timed())->job_state;
  EXPECT_TRUE(wait_until([] { return running_jobs() == 0; }));
  EXPECT_TRUE(state->lock()->is_complete);
  EXPECT_EQ(state->lock()->stats.polls, 21u);
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(clip_on_disk(), clip);
  state->leave();
}

TEST_F(Suspended, a_job_ends_at_task_timeout) {
  settings().poll_interval = 3'600'000;
  settings().task_timeout = 1;
  script->add(accepted());
  script->otherwise(status_is("Running"));
  const auto state = join_job(plan, timed())->job_state;
  EXPECT_TRUE(wait_until([] { return running_jobs() == 0; }));
  ASSERT_TRUE(state->lock()->error);
  EXPECT_NE(state->lock()->error->text.find("task-timeout"), std::string::npos);
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
  state->leave();
}

}  // namespace
}  // namespace modelverse::job::test
