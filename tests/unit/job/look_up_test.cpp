// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands in the entry and what is made of it.
#include "job/look_up.h"

#include <filesystem>
#include <fstream>

#include "api/wire.h"
#include "bench.h"
#include "store/cache.h"
#include "store/ledger.h"
#include "support/disk_faults.h"
#include "support/files.h"

namespace modelverse::job::test {
namespace {

struct Finding : Bench {
  struct Found {
    Record record;
    std::shared_ptr<store::Clip> clip;
    bool is_recorded;
  };
  Result<Found> find() {
    const auto world = environment();
    Job job(plan, job_state, world);
    if (auto done = run_phase(job, Phase::prepare, look_up); !done)
      return std::move(done).error();
    return Found{job.record, job.clip, job.is_recorded};
  }
};

TEST_F(Finding, nothing_asks_for_a_new_task_of_this_request) {
  plan.settings.take = 3;
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.state, RecordState::submitting);
  EXPECT_EQ(found->record.prompt, settings().prompt);
  EXPECT_EQ(found->record.take, 3u);
}

TEST_F(Finding, an_adopted_task_keeps_what_is_known_of_its_request) {
  settings().task_id = "task-9";
  ASSERT_TRUE(find().ok());
  EXPECT_EQ(on_disk()->task_id, "task-9");
  EXPECT_EQ(on_disk()->prompt, settings().prompt);
  EXPECT_EQ(on_disk()->model, settings().model);
}

TEST_F(Finding, an_adopted_task_is_gone_on_with_though_the_disk_is_full) {
  settings().task_id = "task-9";
  test_support::DiskFaults faults(entry_path("record"));
  faults.fail_at(0, ENOSPC, true);
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->is_recorded);
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("disk is full"), std::string::npos);
}

TEST_F(Finding, an_adopted_task_is_gone_on_with_where_nothing_can_be_written) {
  settings().task_id = "task-9";
  test_support::DiskFaults faults(directory.path());
  faults.fail_at(0, EROFS, true);
  const auto found = find();
  ASSERT_TRUE(found.ok()) << found.error().text;
  EXPECT_FALSE(found->is_recorded);
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("read-only"), std::string::npos) << warnings()[0].text;
}

TEST_F(Finding, a_damaged_clip_goes_and_its_task_stays) {
  complete_with(mp4(3000));
  std::ofstream(entry_path("clip.mp4"), std::ios::app) << "more";
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->clip);
  EXPECT_EQ(found->record.task_id, "task-1");
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
  EXPECT_EQ(on_disk()->task_id, "task-1");
  EXPECT_FALSE(std::filesystem::exists(entry_path("clip.mp4")));
  EXPECT_EQ(warnings().size(), 1u);
}

// It may be intact, and the service's copy gone.
TEST_F(Finding, a_clip_that_cannot_be_read_stays) {
  complete_with(mp4(3000));
  const auto path = entry_path("clip.mp4");
  std::filesystem::rename(path, entry_path("other"));
  std::filesystem::create_symlink("other", path);
  EXPECT_EQ(find().error().code, ErrorCode::open_read);
  EXPECT_EQ(on_disk()->state, RecordState::complete);
  std::filesystem::rename(entry_path("other"), path);
  EXPECT_TRUE(find()->clip);
}

TEST_F(Finding, another_url_index_starts_without_the_bytes_of_the_one_before) {
  leave(submitted());
  std::ofstream(entry_path("clip.part")) << "bytes of the first";
  settings().url_index = 1;
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.url_index, 1u);
  EXPECT_EQ(on_disk()->url_index, 1u);
  EXPECT_FALSE(std::filesystem::exists(entry_path("clip.part")));
}

// All clips of a task are paid for, and the service deletes its copies.
TEST_F(Finding, each_clip_of_a_finished_task_is_kept) {
  const std::vector<std::string> clips = {mp4(3000), mp4(4000), mp4(5000)};
  std::vector<std::string> links;
  for (unsigned i = 0; i < clips.size(); ++i)
    links.push_back("https://results.example/" + std::to_string(i));
  const auto live = [&](unsigned index) {
    settings().url_index = index;
    JobState of_this_life;
    of_this_life.join();
    JobRun(plan, of_this_life, environment()).proceed();
    auto state = of_this_life.lock();
    EXPECT_FALSE(state->error) << state->error->text;
    return state->available;
  };
  script->add(accepted());
  for (unsigned i = 0; i < clips.size(); ++i) {
    script->add(success(links));
    script->add(whole(clips[i]));
    EXPECT_EQ(live(i), clips[i].size());
  }
  const auto requests = script->count();
  for (const unsigned i : {0u, 2u, 1u, 0u})
    EXPECT_EQ(live(i), clips[i].size());
  EXPECT_EQ(script->count(), requests) << "none is downloaded again";
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(Finding, a_further_clip_is_adopted_in_an_entry_of_its_own) {
  auto first = complete_with(mp4(3000));
  settings().url_index = 1;
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.key, api::further_clip_key("task-1", plan.base_url, 1));
  EXPECT_EQ(found->record.state, RecordState::submitted);
  EXPECT_EQ(found->record.task_id, "task-1");
  EXPECT_EQ(found->record.submit_time, first.submit_time);
  EXPECT_EQ(found->record.size, 0u);
  const auto kept = store::Cache(plan.cache_dir).entry(first.key)->load();
  EXPECT_EQ(kept->record->state, RecordState::complete);
}

// Else it could be evicted, and its task be submitted again, while the other is downloaded.
TEST_F(Finding, a_further_clip_that_is_wanted_keeps_the_first_from_eviction) {
  const auto first = complete_with(mp4(3000));
  const auto path = entry_path("record.json");
  const auto long_ago = std::filesystem::last_write_time(path) - std::chrono::hours(1);
  std::filesystem::last_write_time(path, long_ago);
  settings().url_index = 1;
  ASSERT_TRUE(find().ok());
  EXPECT_GT(std::filesystem::last_write_time(path), long_ago);
}

TEST_F(Finding, a_refresh_is_a_new_task_whatever_the_url_index) {
  complete_with(mp4(3000));
  settings().cache_mode = CacheMode::refresh;
  settings().url_index = 1;
  EXPECT_EQ(find()->record.state, RecordState::submitting);
}

TEST_F(Finding, a_refresh_picks_up_the_unfinished_task) {
  leave(submitted("task-3"));
  settings().cache_mode = CacheMode::refresh;
  EXPECT_EQ(find()->record.task_id, "task-3");
}

TEST_F(Finding, the_clip_of_before_is_served_while_nobody_knows_of_its_refresh) {
  const auto clip = mp4(3000);
  complete_with(clip);
  leave(Record{.key = plan.key, .origin = plan.base_url});
  const auto found = find();
  ASSERT_TRUE(found.ok() && found->clip);
  EXPECT_EQ(found->clip->available(), clip.size());
  EXPECT_EQ(found->record.task_id, "task-1");
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("may have been accepted"), std::string::npos);
  EXPECT_EQ(on_disk()->state, RecordState::submitting) << "and it stays unknown";
  settings().cache_mode = CacheMode::refresh;
  EXPECT_EQ(find().error().code, ErrorCode::write);
  settings().cache_mode = CacheMode::reuse;
  settings().url_index = 1;
  EXPECT_EQ(find().error().code, ErrorCode::write) << "it is another clip";
  settings().url_index = 0;
  std::ofstream(entry_path("clip.previous"), std::ios::app) << "more";
  EXPECT_EQ(find().error().code, ErrorCode::write) << "it is damaged";
}

TEST_F(Finding, a_broken_record_is_set_aside_and_said) {
  leave(submitted());
  std::ofstream(entry_path("record.json")) << "{\"version\": 99}";
  EXPECT_EQ(find().error().code, ErrorCode::write) << "it may have been paid for";
  EXPECT_EQ(warnings().size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(entry_path("record.json.broken-1")));
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
  EXPECT_EQ(find().error().code, ErrorCode::write) << "the next run does not pay either";
}

TEST_F(Finding, the_task_of_a_record_that_cannot_be_read_is_in_the_ledger) {
  leave(submitted());
  std::ofstream(entry_path("record.json")) << "nonsense";
  const auto enter = [&](std::int64_t time, store::SubmitOutcome outcome, const char* task_id) {
    auto entered = store::Ledger(plan.cache_dir).enter({.time = time, .key = plan.key}, {});
    ASSERT_TRUE(entered.ok());
    ASSERT_TRUE(std::get<store::EnteredSubmit>(*entered).settle(outcome, task_id).ok());
  };
  enter(2000, store::SubmitOutcome::accepted, "task-2");
  enter(1000, store::SubmitOutcome::accepted, "task-1");
  enter(3000, store::SubmitOutcome::refused, "");
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.state, RecordState::submitted);
  EXPECT_EQ(found->record.task_id, "task-2");
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("is resumed"), std::string::npos);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

TEST_F(Finding, the_task_of_a_record_of_a_later_version_is_gone_on_with) {
  leave(submitted());
  auto text = test_support::file_content(entry_path("record.json"));
  text.replace(text.find("\"version\" : 1"), 13, "\"version\" : 2");
  std::ofstream(entry_path("record.json")) << text;
  const auto found = find();
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.state, RecordState::submitted);
  EXPECT_EQ(found->record.task_id, submitted().task_id);
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("is resumed"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::job::test
