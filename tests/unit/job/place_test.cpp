// SPDX-License-Identifier: LGPL-2.1-or-later
// Which directory an entry is in when the cache directory could not be written, now or before.
#include "job/place.h"

#include <sys/stat.h>

#include <filesystem>

#include "bench.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

struct Placing : Bench {
  Result<Place> find() {
    return find_place(plan, job_state, *clock, refuge(), job_state.stop_token());
  }
  void leave_in_refuge(const Record& record) const {
    std::filesystem::create_directory(refuge());
    std::filesystem::permissions(refuge(), std::filesystem::perms::owner_all);
    const auto entry = store::Cache(refuge()).entry(plan.key);
    ASSERT_TRUE(*entry->try_lock());
    ASSERT_TRUE(entry->save(record));
  }
  Record submitted_at(const std::string& task_id, std::int64_t time) const {
    auto record = submitted(task_id);
    record.submit_time = time;
    return record;
  }
  // From here on the cache directory is read-only.
  void lock_up() { faults_.fail_at(0, EROFS, true); }

 private:
  test_support::DiskFaults faults_{directory.path() + "/cache"};
};

TEST_F(Placing, is_the_cache_directory_and_nothing_is_made_in_the_refuge) {
  const auto place = find();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->cache_dir, plan.cache_dir);
  EXPECT_TRUE(place->entry->is_locked());
  EXPECT_FALSE(std::filesystem::exists(refuge()));
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
  const auto place = find();
  ASSERT_FALSE(place.ok());
  EXPECT_EQ(place.error().code, ErrorCode::cancelled);
}

TEST_F(Placing, is_the_refuge_with_a_warning_where_the_cache_directory_cannot_be_written) {
  lock_up();
  const auto place = find();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->cache_dir, refuge());
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find(refuge()), std::string::npos);
  EXPECT_NE(warnings()[0].text.find("read-only"), std::string::npos);
}

TEST_F(Placing, makes_a_refuge_that_can_be_used_whatever_the_umask) {
  lock_up();
  const auto before = umask(0777);
  const auto place = find();
  umask(before);
  EXPECT_EQ(place->cache_dir, refuge());
  EXPECT_EQ(std::filesystem::status(refuge()).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(Placing, goes_on_in_the_refuge_when_the_cache_directory_can_be_written_again) {
  leave_in_refuge(submitted("task-1"));
  const auto place = find();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->cache_dir, refuge());
  EXPECT_TRUE(warnings().empty());
  EXPECT_FALSE(std::filesystem::exists(entry_path(""))) << "no empty entry is left";
}

TEST_F(Placing, takes_the_tasks_id_from_the_refuge_where_only_the_submit_was_written_down) {
  leave(Record{.key = plan.key, .origin = plan.base_url, .submit_time = 2000});
  leave_in_refuge(submitted_at("task-1", 1000));
  EXPECT_EQ(find()->cache_dir, refuge());
}

TEST_F(Placing, is_where_the_later_clip_is) {
  complete_with(mp4(1000));
  for (const auto& [task, time, is_later] :
       {std::tuple{"task-1", FakeClock::start, false}, std::tuple{"task-2", 1000L, false},
        std::tuple{"task-2", FakeClock::start, true}}) {
    leave_in_refuge(submitted_at(task, time));
    EXPECT_EQ(find()->cache_dir == refuge(), is_later) << task << " " << time;
  }
}

TEST_F(Placing, reads_what_stands_in_a_cache_directory_that_cannot_be_written) {
  complete_with(mp4(1000));
  lock_up();
  const auto place = find();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->cache_dir, plan.cache_dir);
  EXPECT_TRUE(place->trouble);
  EXPECT_TRUE(place->entry->open_clip(*on_disk()).ok());
  EXPECT_TRUE(warnings().empty());
}

TEST_F(Placing, believes_no_refuge_that_others_could_have_filled) {
  leave_in_refuge(submitted("task-1"));
  std::filesystem::permissions(refuge(), std::filesystem::perms::all);
  EXPECT_EQ(find()->cache_dir, plan.cache_dir);
  lock_up();
  std::filesystem::remove_all(plan.cache_dir);
  EXPECT_EQ(find().error().code, ErrorCode::open_write) << "nowhere a task's id could be kept";
}

TEST_F(Placing, waits_in_the_refuge_as_well) {
  leave_in_refuge(submitted("task-1"));
  auto holder = store::Cache(refuge()).entry(plan.key);
  ASSERT_TRUE(*holder->try_lock());
  int waits = 0;
  clock->on_sleep = [&] {
    if (++waits == 3)
      holder->unlock();
  };
  EXPECT_EQ(find()->cache_dir, refuge());
  EXPECT_EQ(waits, 3);
}

TEST_F(Placing, moves_to_the_refuge_unless_a_record_stands_there) {
  auto place = std::move(find()).value();
  EXPECT_TRUE(move_to_refuge(place, submitted("task-1"), job_state, Error{}));
  EXPECT_EQ(place.cache_dir, refuge());
  EXPECT_EQ(place.entry->load()->record->task_id, "task-1");
  place = Place();
  std::filesystem::rename(refuge(), directory.path() + "/away");
  place = std::move(find()).value();
  std::filesystem::rename(directory.path() + "/away", refuge());
  EXPECT_FALSE(move_to_refuge(place, submitted("task-2"), job_state, Error{}));
  EXPECT_EQ(place.cache_dir, plan.cache_dir);
}

}  // namespace
}  // namespace modelverse::job::test
