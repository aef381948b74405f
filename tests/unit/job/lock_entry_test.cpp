// SPDX-License-Identifier: LGPL-2.1-or-later
// Locking an entry, waiting for it, and a cache directory that cannot be written.
#include "job/look_up.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "api/record_json.h"
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
  std::vector<std::string> told() {
    std::vector<std::string> texts;
    for (const auto& event : job_state.lock()->events)
      if (const auto* informed = std::get_if<Informed>(&event))
        texts.push_back(informed->text);
    return texts;
  }
  Record submitting() const {
    auto record = submitted("");
    record.state = RecordState::submitting;
    return record;
  }
  // A claim that a process of another machine refreshes.
  void claim_elsewhere() {
    auto owner = store::this_process(std::chrono::minutes(13));
    owner.machine = "another";
    owner.host = "render-07";
    leave_claim(owner);
  }
  void leave_claim(const store::ClaimOwner& owner) {
    std::filesystem::create_directories(plan.cache_dir + "/" + plan.key);
    std::ofstream(entry_path(store::claim_name)) << store::encode_owner(owner);
  }
  void remove_claim() { std::filesystem::remove(entry_path(store::claim_name)); }
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

// Of all that wait, each would pay for a task that fails as this one did.
TEST_F(Locking, ends_with_the_failure_of_the_task_that_it_waited_for) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  ASSERT_TRUE(other->load().ok());
  ASSERT_TRUE(other->save(submitted("task-1")));
  clock->on_sleep = [&] {
    if (!other->is_locked())
      return;
    ASSERT_TRUE(other->give_up());
    other->unlock();
  };
  script->add(status_is("Failure"));
  run();
  EXPECT_EQ(job_state.lock()->error->code, ErrorCode::failed);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_FALSE(on_disk());
}

TEST_F(Locking, refreshes_no_clip_when_the_refresh_that_it_waited_for_has_failed) {
  const auto before = complete_with(mp4(1000));
  settings().cache_mode = CacheMode::refresh;
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  int sleeps = 0;
  clock->on_sleep = [&] {
    if (++sleeps == 1) {
      ASSERT_TRUE(other->load().ok());
      ASSERT_TRUE(other->save(submitting()));
      ASSERT_TRUE(other->save(submitted("task-2")));
    } else if (other->is_locked()) {
      ASSERT_TRUE(other->give_up());
      other->unlock();
    }
  };
  script->add(status_is("Failure"));
  run();
  ASSERT_TRUE(job_state.lock()->error);
  EXPECT_EQ(job_state.lock()->error->code, ErrorCode::failed);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->task_id, before.task_id);
  EXPECT_EQ(on_disk()->state, RecordState::complete);
}

TEST_F(Locking, does_not_resubmit_when_the_resubmit_that_it_waited_for_has_failed) {
  const auto unknown = submitting();
  leave(unknown);
  settings().resubmit = true;
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  int sleeps = 0;
  clock->on_sleep = [&] {
    if (++sleeps == 1) {
      ASSERT_TRUE(other->load().ok());
      ASSERT_TRUE(other->save(submitted("task-2")));
    } else if (other->is_locked()) {
      ASSERT_TRUE(other->save(unknown));
      other->unlock();
    }
  };
  const auto end = find();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::write);
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
    auto record = *other->load()->record;
    record.task_id = "task-2";
    ASSERT_TRUE(other->save(record));
    other->unlock();
  };
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->clip);
}

// As after another machine was faster.
TEST_F(Locking, takes_a_clip_that_was_made_before_it_looks_again) {
  const auto clip = complete_with(mp4(1000));
  settings().cache_mode = CacheMode::refresh;
  ASSERT_TRUE(find().ok());
  auto record = clip;
  record.task_id = "task-2";
  std::ofstream(entry_path("record.json")) << api::encode_record(record);
  ASSERT_TRUE(run_phase(*found, Phase::prepare, look_up).ok());
  EXPECT_TRUE(found->clip);
}

TEST_F(Locking, does_not_resubmit_what_it_finds_when_it_looks_again) {
  auto record = submitted("");
  record.state = RecordState::submitting;
  leave(record);
  settings().resubmit = true;
  ASSERT_TRUE(find().ok());
  record.submit_time += 1;
  std::ofstream(entry_path("record.json")) << api::encode_record(record);
  EXPECT_EQ(run_phase(*found, Phase::prepare, look_up).error().code, ErrorCode::write);
}

TEST_F(Locking, says_once_what_it_waits_for_when_that_takes_long) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  ASSERT_TRUE(other->save(submitted("task-1")));
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

TEST_F(Locking, claims_an_entry_without_a_record) {
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->entry->is_claimed());
  found.reset();
  EXPECT_FALSE(std::filesystem::exists(plan.cache_dir + "/" + plan.key));
}

TEST_F(Locking, needs_no_claim_for_a_task_or_a_clip) {
  leave(submitted("task-1"));
  ASSERT_TRUE(find().ok());
  EXPECT_FALSE(found->entry->is_claimed());
}

TEST_F(Locking, looks_every_two_seconds_for_the_end_of_another_machines_claim_and_says_so_once) {
  claim_elsewhere();
  int looks = 0;
  clock->on_sleep = [&] {
    if (++looks < 4)
      return;
    // As the other machine would: first the record, then the claim.
    std::ofstream(entry_path("record.json")) << api::encode_record(submitted("task-9"));
    remove_claim();
  };
  ASSERT_TRUE(find().ok());
  EXPECT_EQ(found->record.task_id, "task-9");
  EXPECT_EQ(clock->sleeps(), std::vector<Clock::Duration>(4, std::chrono::seconds(2)));
  ASSERT_EQ(told().size(), 1u);
  EXPECT_NE(told()[0].find("render-07, pid " + std::to_string(::getpid())), std::string::npos)
      << told()[0];
}

TEST_F(Locking, waits_for_a_claim_before_it_calls_a_submit_unknown) {
  auto record = submitted("");
  record.state = RecordState::submitting;
  leave(record);
  claim_elsewhere();
  clock->on_sleep = [&] {
    std::ofstream(entry_path("record.json")) << api::encode_record(submitted("task-9"));
    remove_claim();
  };
  ASSERT_TRUE(find().ok());
  EXPECT_EQ(found->record.task_id, "task-9");
}

TEST_F(Locking, takes_over_from_a_process_that_ended_before_its_submit) {
  auto owner = store::this_process(std::chrono::minutes(13));
  owner.start = "1";
  leave_claim(owner);
  ASSERT_TRUE(find().ok());
  EXPECT_TRUE(found->entry->is_claimed());
  EXPECT_TRUE(clock->sleeps().empty());
}

TEST_F(Locking, calls_a_submit_unknown_whose_process_has_ended) {
  auto record = submitted("");
  record.state = RecordState::submitting;
  leave(record);
  auto owner = store::this_process(std::chrono::minutes(13));
  owner.boot = "1";
  leave_claim(owner);
  const auto end = find();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_NE(end.error().text.find("resubmit"), std::string::npos);
}

// The permission to pay again was given for the submit of before.
TEST_F(Locking, does_not_resubmit_after_anothers_resubmit_of_unknown_outcome) {
  auto record = submitted("");
  record.state = RecordState::submitting;
  leave(record);
  claim_elsewhere();
  settings().resubmit = true;
  clock->on_sleep = [&] {
    record.submit_time += 1;
    std::ofstream(entry_path("record.json")) << api::encode_record(record);
    remove_claim();
  };
  const auto end = find();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::write);
  EXPECT_EQ(found->entry->load()->record->submit_time, record.submit_time);
}

TEST_F(Locking, waits_no_longer_for_a_claim_than_task_timeout) {
  settings().task_timeout = 5;
  claim_elsewhere();
  clock->on_sleep = [&] {
    if (clock->elapsed() > std::chrono::seconds(10))
      job_state.leave();
  };
  const auto end = find();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::read);
  EXPECT_NE(end.error().text.find("task-timeout"), std::string::npos) << end.error().text;
}

TEST_F(Locking, gives_up_waiting_for_a_claim_when_it_is_stopped) {
  claim_elsewhere();
  clock->on_sleep = [&] { job_state.leave(); };
  EXPECT_EQ(find().error().code, ErrorCode::cancelled);
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
