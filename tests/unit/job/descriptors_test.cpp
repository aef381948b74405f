// SPDX-License-Identifier: LGPL-2.1-or-later
// A process that may open no more files: nothing is paid for twice, no id is lost, no clip thrown
// away.
#include "job/descriptors.h"

#include <glib.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <thread>

#include "bench.h"
#include "job/reader.h"
#include "job/registry.h"
#include "job/submission.h"
#include "store/cache.h"
#include "support/descriptors.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

using test_support::DescriptorsTaken;

struct Descriptors : Bench {
  // What is paid for at `posts`, and nothing is left of what is not.
  void expect_that_nothing_was_submitted() {
    EXPECT_EQ(script->posts(), 0u);
    EXPECT_FALSE(on_disk());
  }
  bool is_told() {
    auto state = job_state.lock();
    return std::ranges::any_of(
        state->events, [](const Event& event) { return std::holds_alternative<Informed>(event); });
  }
  std::optional<DescriptorsTaken> taken;
};

TEST_F(Descriptors, are_counted) {
  taken.emplace(3);
  EXPECT_TRUE(has_free_descriptors(3));
  EXPECT_FALSE(has_free_descriptors(4));
}

TEST_F(Descriptors, that_are_spare_are_nobody_else_s) {
  taken.emplace(3);
  EXPECT_FALSE(SpareDescriptors::take(4));
  auto spare = SpareDescriptors::take(2);
  ASSERT_TRUE(spare);
  EXPECT_FALSE(has_free_descriptors(2));
  spare->give_back();
  EXPECT_TRUE(has_free_descriptors(3));
}

TEST_F(Descriptors, taken_between_the_submit_and_its_answer_do_not_cost_the_id) {
  auto& now = job();
  auto scene = accepted("task-5");
  scene.meanwhile = [&] { taken.emplace(); };
  script->add(scene);
  EXPECT_TRUE(submit(now).ok());
  taken.reset();
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
  EXPECT_EQ(on_disk()->task_id, "task-5");
  EXPECT_TRUE(now.is_recorded);
}

TEST_F(Descriptors, taken_during_a_post_that_is_not_sent_leave_no_record_of_it) {
  settings().retries = 0;
  auto& now = job();
  auto scene = unsent(http::FaultKind::unreachable);
  scene.meanwhile = [&] { taken.emplace(); };
  script->add(scene);
  EXPECT_FALSE(submit(now).ok());
  taken.reset();
  EXPECT_FALSE(on_disk());
}

TEST_F(Descriptors, taken_during_a_refused_post_bring_the_unknown_submit_of_before_back) {
  settings().retries = 0;
  auto& now = job();
  now.unknown = Record{.key = plan.key, .origin = plan.base_url, .prompt = "before"};
  auto scene = answer(400);
  scene.meanwhile = [&] { taken.emplace(); };
  script->add(scene);
  EXPECT_FALSE(submit(now).ok());
  taken.reset();
  EXPECT_EQ(on_disk()->prompt, "before");
}

TEST_F(Descriptors, are_waited_for_before_a_submit_is_announced) {
  auto& now = job();
  taken.emplace();
  clock->on_sleep = [&] {
    if (clock->sleeps().size() == 2)
      taken.reset();
    expect_that_nothing_was_submitted();
  };
  script->add(accepted());
  EXPECT_TRUE(submit(now).ok());
  EXPECT_EQ(clock->sleeps().size(), 3u);
  EXPECT_EQ(script->posts(), 1u);
}

// As many as there may be, and not one more than that.
TEST_F(Descriptors, that_are_too_few_refuse_the_submit_and_say_so) {
  settings().retries = 2;
  auto& now = job();
  for (std::size_t left = 0; left < connection_descriptors + 2; ++left) {
    taken.emplace(left);
    const auto end = submit(now);
    taken.reset();
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, ErrorCode::too_many_files);
    EXPECT_NE(end.error().text.find("may open"), std::string::npos) << end.error().text;
    EXPECT_EQ(end.error().details.attempts, 3);
    expect_that_nothing_was_submitted();
    plan.settings.picture = PictureLink{"https://pictures.example/a.png"};
  }
}

TEST_F(Descriptors, that_are_missing_throw_no_kept_clip_away) {
  const auto clip = mp4(5000);
  complete_with(clip);
  settings().retries = 1;
  for (std::size_t left = 0; left < 4; ++left) {
    JobState anew;
    anew.join();
    taken.emplace(left);
    JobRun(plan, anew, environment()).proceed();
    taken.reset();
    const auto state = anew.lock()->error;
    if (state) {
      EXPECT_EQ(state->code, ErrorCode::too_many_files) << left;
    }
    EXPECT_TRUE(clip_on_disk() == clip) << left;
  }
  EXPECT_EQ(script->count(), 0u);
}

TEST_F(Descriptors, are_waited_for_by_a_download) {
  const auto clip = mp4(5000);
  leave(submitted());
  auto scene = success({link});
  scene.meanwhile = [&] { taken.emplace(connection_descriptors - 4); };
  script->add(scene);
  script->add(whole(clip));
  clock->on_sleep = [&] { taken.reset(); };
  run();
  EXPECT_FALSE(error());
  EXPECT_TRUE(clip_on_disk() == clip);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(Descriptors, are_waited_for_where_the_picture_is_to_be_read) {
  script->otherwise(answer(400));
  Settings settings = plan.settings;
  settings.base_url = plan.base_url;
  settings.cache_dir = plan.cache_dir;
  settings.image_path = g_getenv("MODELVERSE_TEST_PICTURES") + std::string("/alpha.png");
  taken.emplace();
  clock->on_sleep = [&] { taken.reset(); };
  {
    Reader reader(environment());
    EXPECT_TRUE(reader.open(settings).ok());
  }
  while (running_jobs() > 0)
    std::this_thread::yield();
}

TEST_F(Descriptors, are_waited_for_where_the_key_is_to_be_read) {
  script->otherwise(answer(400));
  auto settings = plan.settings;
  settings.base_url = plan.base_url;
  settings.cache_dir = plan.cache_dir;
  settings.image_uri = "https://pictures.example/a.png";
  settings.api_key.clear();
  settings.api_key_file = directory.path() + "/key";
  std::ofstream(settings.api_key_file) << "key-of-the-file";
  taken.emplace();
  clock->on_sleep = [&] { taken.reset(); };
  {
    Reader reader(environment());
    EXPECT_TRUE(reader.open(settings).ok());
    while (script->count() == 0)
      std::this_thread::yield();
  }
  while (running_jobs() > 0)
    std::this_thread::yield();
  EXPECT_EQ(header_of(script->request(0), "Authorization"), "key-of-the-file");
}

TEST_F(Descriptors, that_are_few_let_jobs_take_turns) {
  leave(submitted());
  const auto other = job_gate().try_enter();
  taken.emplace(10);
  auto job = std::async(std::launch::async, [&] { run(); });
  while (!is_told())
    std::this_thread::yield();
  EXPECT_TRUE(has_free_descriptors(10)) << "who waits has some open";
  EXPECT_EQ(script->count(), 0u);
  job_state.leave();
  ASSERT_EQ(job.wait_for(std::chrono::milliseconds(100)), std::future_status::ready);
  EXPECT_EQ(error()->code, ErrorCode::cancelled);
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
}

TEST_F(Descriptors, that_are_few_are_left_to_others_while_a_job_waits_for_an_entry) {
  leave(submitted());
  script->add(success({link}));
  script->add(whole(mp4(5000)));
  auto other = job_gate().try_enter();
  const auto holder = store::Cache(plan.cache_dir).entry(plan.key);
  bool is_gate_open = false;
  clock->on_sleep = [&] {
    is_gate_open = is_gate_open || job_gate().try_enter();
    taken.reset();
    holder->unlock();
  };
  taken.emplace(10);
  auto job = std::async(std::launch::async, [&] { run(); });
  while (!is_told())
    std::this_thread::yield();
  ASSERT_TRUE(*holder->try_lock());
  other.reset();
  job.wait();
  EXPECT_TRUE(is_gate_open);
  EXPECT_FALSE(error());
}

TEST_F(Descriptors, that_are_few_let_a_kept_clip_pass) {
  const auto clip = mp4(5000);
  complete_with(clip);
  const auto other = job_gate().try_enter();
  taken.emplace(10);
  run();
  EXPECT_TRUE(served() == clip);
}

// Its record needs no more room on the disk than the one before the submit.
TEST_F(Descriptors, and_a_disk_that_is_full_by_the_answer_do_not_cost_the_id) {
  auto& now = job();
  test_support::DiskFaults faults(directory.path());
  auto scene = accepted("task-5");
  scene.meanwhile = [&] { faults.fail_at(test_support::DiskFaults::calls().size(), ENOSPC, true); };
  script->add(scene);
  EXPECT_TRUE(submit(now).ok());
  EXPECT_EQ(on_disk()->task_id, "task-5");
  EXPECT_TRUE(warnings().empty());
}

}  // namespace
}  // namespace modelverse::job::test
