// SPDX-License-Identifier: LGPL-2.1-or-later
// Locking an entry, waiting for it, and a cache directory that cannot be written.
#include "job/look_up.h"

#include <filesystem>

#include "bench.h"
#include "store/cache.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

struct Locking : Bench {
  Status find() {
    found.emplace(plan, job_state, environment_);
    return run_phase(*found, Phase::prepare, look_up);
  }
  std::optional<Job> found;
  // From here on the cache directory is read-only.
  void lock_up() { faults_.fail_at(0, EROFS, true); }

 private:
  const JobEnvironment environment_ = environment();
  test_support::DiskFaults faults_{directory.path() + "/cache"};
};

TEST_F(Locking, is_the_locked_entry_in_the_cache_directory) {
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->entry->is_locked());
}

TEST_F(Locking, waits_until_the_other_holder_lets_go) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  int sleeps = 0;
  clock->on_sleep = [&] {
    if (++sleeps == 3)
      other->unlock();
  };
  ASSERT_TRUE(find().ok());
  EXPECT_EQ(sleeps, 3);
}

TEST_F(Locking, says_to_the_holder_that_it_waits_and_not_any_longer_afterwards) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  EXPECT_FALSE(other->is_waited_for());
  int sleeps = 0;
  clock->on_sleep = [&] {
    EXPECT_TRUE(other->is_waited_for());
    if (++sleeps == 3)
      other->unlock();
  };
  ASSERT_TRUE(find().ok());
  found.reset();
  EXPECT_EQ(sleeps, 3);
  EXPECT_FALSE(std::filesystem::exists(plan.cache_dir + "/" + plan.key));
}

TEST_F(Locking, takes_a_clip_that_was_made_while_it_waited_for_the_refresh) {
  complete_with(mp4(1000));
  settings().cache_mode = CacheMode::refresh;
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] { other->unlock(); };
  ASSERT_TRUE(find().ok());
  EXPECT_FALSE(found->clip) << "it is the one of before";
  found.reset();
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] {
    auto record = *on_disk();
    record.task_id = "task-2";
    ASSERT_TRUE(other->save(record));
    other->unlock();
  };
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->clip);
}

TEST_F(Locking, says_once_what_it_waits_for_when_that_takes_long) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  ASSERT_TRUE(other->save(submitted("task-1")));
  const auto told = [&] {
    std::vector<std::string> texts;
    for (const auto& event : job_state.lock()->events)
      if (const auto* informed = std::get_if<Informed>(&event))
        texts.push_back(informed->text);
    return texts;
  };
  const auto begun = clock->now();
  clock->on_sleep = [&] {
    const auto waited = clock->now() - begun;
    if (waited < std::chrono::seconds(1)) {
      EXPECT_TRUE(told().empty());
    } else if (waited > std::chrono::minutes(1)) {
      other->unlock();
    }
  };
  ASSERT_TRUE(find().ok());
  ASSERT_EQ(told().size(), 1u);
  EXPECT_NE(told()[0].find("(task task-1)"), std::string::npos) << told()[0];
}

TEST_F(Locking, gives_up_waiting_when_it_is_stopped) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] { job_state.leave(); };
  EXPECT_EQ(find().error().code, ErrorCode::cancelled);
}

TEST_F(Locking, is_refused_where_no_task_id_could_be_kept) {
  lock_up();
  const auto end = find();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::open_write);
  EXPECT_NE(end.error().text.find("cache-dir"), std::string::npos) << end.error().text;
  EXPECT_NE(end.error().text.find("read-only"), std::string::npos) << end.error().text;
}

TEST_F(Locking, reads_what_stands_in_a_cache_directory_that_cannot_be_written) {
  complete_with(mp4(1000));
  lock_up();
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->write_error);
  EXPECT_TRUE(found->clip);
  EXPECT_TRUE(warnings().empty());
}

}  // namespace
}  // namespace modelverse::job::test
