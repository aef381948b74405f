// SPDX-License-Identifier: LGPL-2.1-or-later
// The life of a job from look-up to clip.
#include "job/job.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>

#include "bench.h"
#include "job/descriptors.h"
#include "support/packed.h"

namespace modelverse::job::test {
namespace {

using Job = Bench;

TEST_F(Job, runs_from_submit_to_a_clip_that_is_kept) {
  const auto clip = mp4(100'000);
  script->add(accepted());
  script->add(status_is("Pending"));
  script->add(status_is("Running"));
  script->add(success({link}));
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(clip_on_disk(), clip);
  EXPECT_EQ(on_disk()->state, RecordState::complete);
  EXPECT_EQ(served(), clip);
  EXPECT_TRUE(job_state.lock()->is_complete);
  EXPECT_FALSE(job_state.lock()->stats.cache_hit);
}

TEST_F(Job, tells_its_phases_in_order) {
  script->add(accepted());
  script->add(success({link}));
  script->add(whole(mp4(1000)));
  run();
  std::string told;
  for (const auto& event : job_state.lock()->events) {
    if (const auto* started = std::get_if<PhaseStarted>(&event))
      told += std::string("+") + phase_name(started->phase);
    if (const auto* completed = std::get_if<PhaseCompleted>(&event))
      told += std::string("-") + phase_name(completed->phase);
  }
  EXPECT_EQ(told, "+submit-submit+generate-generate+download-download");
}

// Looks at the job_state when the job asks for the time: for the record, where the service
// said nothing of the time.
class WatchingClock final : public Clock {
 public:
  explicit WatchingClock(std::function<void()> watch) : watch_(std::move(watch)) {}
  TimePoint now() const override { return {}; }
  std::int64_t unix_time() const override {
    watch_();
    return FakeClock::start;
  }
  bool sleep_until(TimePoint, std::stop_token stop) override { return !stop.stop_requested(); }

 private:
  std::function<void()> watch_;
};

TEST_F(Job, records_the_clip_before_its_end_is_served) {
  const auto clip = mp4(100'000);
  leave(submitted());
  script->add(success({link}));
  script->add(whole(clip));
  bool is_served_first = false;
  auto environment = this->environment();
  // The time that the record is given is asked for just before it is written.
  environment.clock =
      std::make_shared<WatchingClock>([&] { is_served_first |= job_state.lock()->is_complete; });
  JobRun(plan, job_state, environment).proceed();
  EXPECT_FALSE(is_served_first);
  EXPECT_EQ(on_disk()->state, RecordState::complete);
  EXPECT_EQ(served(), clip);
}

TEST_F(Job, makes_no_request_for_a_clip_that_is_in_the_cache) {
  const auto clip = mp4(5000);
  complete_with(clip);
  settings().api_key.clear();
  plan.api_key = find_api_key(settings());
  run();
  EXPECT_EQ(script->count(), 0u);
  EXPECT_EQ(served(), clip);
  EXPECT_TRUE(job_state.lock()->stats.cache_hit);
  EXPECT_EQ(job_state.lock()->status, TaskStatus::success);
}

TEST_F(Job, only_polls_where_an_earlier_run_wrote_the_task_down) {
  leave(submitted("task-7"));
  const auto clip = mp4(2000);
  script->add(success({link}));
  script->add(whole(clip));
  run();
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_NE(script->request(0).url.find("task_id=task-7"), std::string::npos);
  EXPECT_EQ(clip_on_disk(), clip);
}

TEST_F(Job, names_the_unfinished_task_where_the_key_is_missing) {
  leave(submitted("task-7"));
  settings().api_key.clear();
  plan.api_key = find_api_key(settings());
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::not_authorized);
  EXPECT_EQ(error()->details.resume, "task-id=task-7");
  EXPECT_EQ(on_disk()->task_id, "task-7");
}

// The disk was full, or the process was killed just then. The service deletes its copy after a day.
TEST_F(Job, finishes_a_clip_that_an_earlier_run_could_not_record_without_the_service) {
  const auto clip = mp4(300'000);
  for (const char* name : {"clip.mp4", "clip.part"}) {
    auto record = submitted();
    record.size = clip.size();
    leave(record);
    std::ofstream(entry_path(name), std::ios::binary) << clip;
    JobState again;
    JobRun(plan, again, environment()).proceed();
    EXPECT_FALSE(again.lock()->error);
    EXPECT_TRUE(again.lock()->is_complete);
    EXPECT_EQ(clip_on_disk(), clip);
    EXPECT_EQ(on_disk()->state, RecordState::complete);
    std::filesystem::remove_all(plan.cache_dir);
  }
  EXPECT_EQ(script->count(), 0u);
}

// It was synced before it got its name.
TEST_F(Job, finishes_such_a_clip_after_a_power_failure) {
  const auto clip = mp4(300'000);
  auto record = submitted();
  record.size = clip.size();
  leave(record);
  std::ofstream(entry_path("clip.mp4"), std::ios::binary) << clip;
  constexpr timespec long_ago[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, entry_path("clip.mp4").c_str(), long_ago, 0), 0);
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(script->count(), 0u);
  EXPECT_EQ(clip_on_disk(), clip);
}

TEST_F(Job, asks_for_the_link_where_what_is_here_turns_out_to_be_no_clip) {
  auto record = submitted();
  record.size = 3000;
  leave(record);
  std::ofstream(entry_path("clip.part"), std::ios::binary) << std::string(3000, '<');
  const auto clip = mp4(3000);
  script->add(success({link}));
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(clip_on_disk(), clip);
}

// Packed although nobody asked for it.
TEST_F(Job, reads_answers_that_are_packed) {
  const auto packed_answer = [](const std::string& body) {
    return answer(200, test_support::packed(body), {{"Content-Encoding", "gzip"}});
  };
  const auto clip = mp4(2000);
  script->add(packed_answer(R"({"output":{"task_id":"task-9"}})"));
  script->add(packed_answer(R"({"output":{"task_status":"Success","urls":[")" + link + R"("]}})"));
  script->add(whole(clip));
  run();
  ASSERT_FALSE(error()) << error()->text;
  EXPECT_EQ(on_disk()->task_id, "task-9");
  EXPECT_EQ(clip_on_disk(), clip);
}

TEST_F(Job, refuses_a_request_whose_earlier_submit_has_no_known_outcome) {
  leave(Record{.key = plan.key, .origin = plan.base_url});
  for (int attempt = 0; attempt < 2; ++attempt) {
    JobState again;
    JobRun(plan, again, environment()).proceed();
    ASSERT_TRUE(again.lock()->error);
    EXPECT_EQ(again.lock()->error->code, ErrorCode::write);
    EXPECT_NE(again.lock()->error->text.find("may have been accepted and billed"),
              std::string::npos);
  }
  EXPECT_EQ(script->count(), 0u);
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
}

TEST_F(Job, submits_again_on_resubmit) {
  leave(Record{.key = plan.key, .origin = plan.base_url});
  settings().resubmit = true;
  script->add(accepted("task-2"));
  script->add(success({link}));
  script->add(whole(mp4(2000)));
  run();
  EXPECT_FALSE(error());
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

// Otherwise a third submit would follow.
TEST_F(Job, keeps_the_task_of_a_resubmit_that_the_service_does_not_show_yet) {
  leave(Record{.key = plan.key, .origin = plan.base_url});
  settings().resubmit = true;
  script->add(accepted("task-2"));
  script->add(answer(404), 3);
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::not_found);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

TEST_F(Job, still_knows_nothing_of_the_first_submit_when_the_second_is_refused) {
  leave(Record{.key = plan.key, .origin = plan.base_url});
  settings().resubmit = true;
  script->add(answer(400, error_body("param_error", "no")));
  run();
  EXPECT_EQ(error()->code, ErrorCode::settings);
  EXPECT_EQ(on_disk()->state, RecordState::submitting);
}

TEST_F(Job, adopts_a_task_in_place_of_a_submit_without_a_known_outcome) {
  leave(Record{.key = plan.key, .origin = plan.base_url});
  settings().task_id = "task-9";
  script->add(success({link}));
  script->add(whole(mp4(2000)));
  run();
  EXPECT_FALSE(error());
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->task_id, "task-9");
}

TEST_F(Job, submits_anew_on_refresh) {
  complete_with(mp4(3000));
  settings().cache_mode = CacheMode::refresh;
  const auto fresh = mp4(4000);
  script->add(accepted("task-2"));
  script->add(success({link}));
  script->add(whole(fresh));
  run();
  EXPECT_FALSE(error());
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(clip_on_disk(), fresh);
  EXPECT_EQ(on_disk()->task_id, "task-2");
}

// A paid clip must not be lost because the service is just not reachable.
TEST_F(Job, keeps_the_finished_clip_when_a_refresh_is_refused) {
  const auto old = mp4(3000);
  complete_with(old);
  settings().cache_mode = CacheMode::refresh;
  settings().retries = 0;
  script->add(unsent(http::FaultKind::refused));
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(on_disk()->state, RecordState::complete);
  EXPECT_EQ(clip_on_disk(), old);
}

TEST_F(Job, adopts_a_task_by_its_id_alone) {
  plan.has_request = false;
  settings().task_id = "task-5";
  plan.key = std::string(64, 'a');
  script->add(success({link}));
  script->add(whole(mp4(2000)));
  run();
  EXPECT_FALSE(error());
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_EQ(on_disk()->task_id, "task-5");
  EXPECT_EQ(job_state.lock()->stats.task_id, "task-5");
}

TEST_F(Job, writes_an_adopted_task_down_before_it_polls) {
  settings().task_id = "task-5";
  auto scene = answer(403);
  scene.meanwhile = [&] { EXPECT_EQ(on_disk()->task_id, "task-5"); };
  script->add(scene);
  run();
  EXPECT_EQ(error()->code, ErrorCode::not_authorized);
  EXPECT_EQ(error()->details.resume, "task-id=task-5");
}

TEST_F(Job, refuses_another_task_than_the_one_that_the_request_made) {
  leave(submitted("task-1"));
  settings().task_id = "task-2";
  run();
  EXPECT_EQ(error()->code, ErrorCode::settings);
  EXPECT_NE(error()->text.find("another task"), std::string::npos);
  EXPECT_EQ(script->count(), 0u);
  EXPECT_EQ(on_disk()->task_id, "task-1");
}

TEST_F(Job, submits_nothing_where_no_descriptor_is_left_for_its_transport) {
  auto no_descriptors = environment();
  no_descriptors.make_transport = [](auto) -> Result<std::unique_ptr<http::Transport>> {
    return too_many_files(EMFILE);
  };
  JobRun(plan, job_state, no_descriptors).proceed();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::too_many_files);
  EXPECT_NE(error()->text.find("may open"), std::string::npos) << error()->text;
  EXPECT_FALSE(on_disk());
}

}  // namespace
}  // namespace modelverse::job::test
