// SPDX-License-Identifier: LGPL-2.1-or-later
// One live job for each key.
#include "job/registry.h"

#include <sys/wait.h>
#include <unistd.h>

#include <future>

#include "bench.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define IS_THREAD_SANITIZED 1
#endif
#endif
#ifndef IS_THREAD_SANITIZED
#define IS_THREAD_SANITIZED 0
#endif

namespace modelverse::job::test {
namespace {

using Registry = Bench;

TEST_F(Registry, makes_a_new_job_after_a_failed_one) {
  script->add(answer(400), 2);
  const auto first = join_job(plan, environment())->job_state;
  ASSERT_TRUE(ended(*first));
  const auto second = join_job(plan, environment())->job_state;
  EXPECT_NE(first, second);
  ASSERT_TRUE(ended(*second));
  first->leave();
  second->leave();
}

// Named by the second element: the first one's task, or another.
TEST_F(Registry, joins_who_names_the_same_task_and_nobody_else) {
  std::promise<void> is_polling, go_on;
  script->add(accepted("task-4"));
  auto scene = answer(403);
  scene.meanwhile = [&] {
    is_polling.set_value();
    go_on.get_future().wait();
  };
  script->add(scene);
  const auto first = join_job(plan, environment())->job_state;
  is_polling.get_future().wait();
  auto same = plan, other = plan;
  same.settings.task_id = "task-4";
  other.settings.task_id = "task-5";
  const auto second = join_job(same, environment())->job_state;
  const auto third = join_job(other, environment())->job_state;
  const auto fourth = join_job(plan, environment())->job_state;
  EXPECT_EQ(second, first);
  EXPECT_NE(third, first);
  EXPECT_EQ(fourth, first) << "not the one that is going to be refused";
  go_on.set_value();
  EXPECT_TRUE(ended(*first));
  EXPECT_TRUE(ended(*third));
  EXPECT_EQ(third->lock()->error->code, ErrorCode::settings);
  EXPECT_EQ(script->posts(), 1u);
  for (const auto& joined : {first, second, third, fourth})
    joined->leave();
}

// Its threads do not come along: what waits for them would wait for ever.
TEST_F(Registry, joins_no_job_of_the_process_that_forked_it) {
  if (IS_THREAD_SANITIZED)
    GTEST_SKIP() << "no threads in a forked child";
  std::promise<void> is_posting, go_on;
  auto scene = answer(400);
  scene.meanwhile = [&] {
    is_posting.set_value();
    go_on.get_future().wait();
  };
  script->add(scene);
  const auto parents = join_job(plan, environment())->job_state;
  is_posting.get_future().wait();
  const auto child = fork();
  if (child == 0) {
    // The entry's lock is the parent's: the job waits for it until it is stopped.
    const auto own = join_job(plan, environment())->job_state;
    const bool is_own = own != parents && running_jobs() == 1;
    own->leave();
    _exit(is_own && ended(*own) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  go_on.set_value();
  EXPECT_TRUE(ended(*parents));
  parents->leave();
}

}  // namespace
}  // namespace modelverse::job::test
