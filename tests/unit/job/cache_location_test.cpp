// SPDX-License-Identifier: LGPL-2.1-or-later
// Locking an entry, waiting for it, and a cache directory that cannot be written.
#include "job/cache_location.h"

#include <filesystem>

#include "bench.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

struct Placing : Bench {
  Result<CacheLocation> find() {
    return find_cache_location(plan, job_state, *clock, job_state.stop_token());
  }
  // From here on the cache directory is read-only.
  void lock_up() { faults_.fail_at(0, EROFS, true); }

 private:
  test_support::DiskFaults faults_{directory.path() + "/cache"};
};

TEST_F(Placing, is_the_locked_entry_in_the_cache_directory) {
  const auto location = find();
  ASSERT_TRUE(location.ok());
  EXPECT_EQ(location->cache_dir, plan.cache_dir);
  EXPECT_TRUE(location->entry->is_locked());
}

TEST_F(Placing, waits_until_the_other_holder_lets_go) {
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

TEST_F(Placing, says_to_the_holder_that_it_waits_and_not_any_longer_afterwards) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  EXPECT_FALSE(other->is_waited_for());
  int sleeps = 0;
  clock->on_sleep = [&] {
    EXPECT_TRUE(other->is_waited_for());
    if (++sleeps == 3)
      other->unlock();
  };
  find()->entry->unlock();
  EXPECT_EQ(sleeps, 3);
  EXPECT_FALSE(std::filesystem::exists(plan.cache_dir + "/" + plan.key));
}

TEST_F(Placing, knows_a_clip_that_was_made_while_it_waited) {
  complete_with(mp4(1000));
  EXPECT_FALSE(find()->is_fresh) << "it has not waited";
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] { other->unlock(); };
  EXPECT_FALSE(find()->is_fresh) << "it is the one of before";
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] {
    auto record = *on_disk();
    record.task_id = "task-2";
    ASSERT_TRUE(other->save(record));
    other->unlock();
  };
  EXPECT_TRUE(find()->is_fresh);
}

TEST_F(Placing, says_once_what_it_waits_for_when_that_takes_long) {
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

TEST_F(Placing, gives_up_waiting_when_it_is_stopped) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] { job_state.leave(); };
  const auto location = find();
  ASSERT_FALSE(location.ok());
  EXPECT_EQ(location.error().code, ErrorCode::cancelled);
}

TEST_F(Placing, is_refused_where_no_task_id_could_be_kept) {
  lock_up();
  const auto location = find();
  ASSERT_FALSE(location.ok());
  EXPECT_EQ(location.error().code, ErrorCode::open_write);
  EXPECT_NE(location.error().text.find("cache-dir"), std::string::npos) << location.error().text;
  EXPECT_NE(location.error().text.find("read-only"), std::string::npos) << location.error().text;
}

TEST_F(Placing, reads_what_stands_in_a_cache_directory_that_cannot_be_written) {
  complete_with(mp4(1000));
  lock_up();
  const auto location = find();
  ASSERT_TRUE(location.ok());
  EXPECT_EQ(location->cache_dir, plan.cache_dir);
  EXPECT_TRUE(location->write_error);
  EXPECT_TRUE(location->entry->open_clip(*on_disk()).ok());
  EXPECT_TRUE(warnings().empty());
}

}  // namespace
}  // namespace modelverse::job::test
