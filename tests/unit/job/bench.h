// SPDX-License-Identifier: LGPL-2.1-or-later
// A job on the bench: a plan, a cache of its own, a scripted network and a clock that runs by hand.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fake_clock.h"
#include "job/job.h"
#include "scripted_transport.h"
#include "support/scratch_directory.h"

namespace modelverse::job::test {

// The service's answers.
Scene accepted(const std::string& task_id = "task-1");
Scene status_is(const std::string& status, const std::string& more = {});
Scene success(const std::vector<std::string>& urls);
std::string error_body(const std::string& code, const std::string& message);

// A whole MP4 of `size` bytes, each other than its neighbour; the index first, or last.
std::string mp4(std::size_t size, bool index_first = false);
std::string box(const std::string& type, const std::string& payload);
// The object store's answers for `clip` from `first` on.
Scene whole(const std::string& clip, const std::string& etag = "\"e1\"");
Scene part(const std::string& clip, std::size_t first, const std::string& etag = "\"e1\"");

// The environment's keys and directories are out of the way while a test runs.
struct Bench : testing::Test {
  Bench();

  JobEnvironment environment();
  void run();  // the job, to its end
  // For one phase alone: the entry is locked, `record` is saved where it has a key.
  Job& job(Record record = {});
  // The phases, as JobRun runs them.
  Status submit(Job& job);
  Result<std::string> wait_for_result(Job& job);
  Result<std::shared_ptr<store::Clip>> download(Job& job);
  void leave(const Record& record);  // what an earlier run left behind
  Record submitted(const std::string& task_id = "task-1") const;
  Record complete_with(const std::string& clip);  // writes the clip to the entry too

  Settings& settings() { return plan.settings; }
  std::optional<Record> on_disk() const;
  std::string clip_on_disk() const;  // empty where there is none
  std::string entry_path(const std::string& name) const;
  std::optional<Error> error() { return job_state.lock()->error; }
  std::string served();  // all that a reader may read now
  std::vector<Error> warnings();
  // Waits for the clip or the error.
  static bool ended(JobState& job_state);

  test_support::ScratchDirectory directory{test_support::ScratchDirectory::in_memory()};
  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  Plan plan;
  JobState job_state;
  const std::string link = "https://results.example/clip.mp4?signature=s3cret";

 private:
  const Random random_ = [] { return 0.5; };
  JobEnvironment environment_;
  std::optional<Job> job_;
};

}  // namespace modelverse::job::test
