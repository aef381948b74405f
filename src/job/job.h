// SPDX-License-Identifier: LGPL-2.1-or-later
// One job: what its phases share, and the run from look-up to clip.
//
// A phase is a function `Status phase(Job&)`; job.cpp lists them. A phase that waits for minutes
// calls suspend() and returns; it is called again then.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/policy.h"
#include "core/record.h"
#include "http/transport.h"
#include "job/gate.h"
#include "job/job_state.h"
#include "job/plan.h"
#include "job/service.h"
#include "store/entry.h"

namespace modelverse::job {

// Dependencies that a test replaces.
struct JobEnvironment {
  std::shared_ptr<Clock> clock;
  Random random;
  std::function<Result<std::unique_ptr<http::Transport>>(http::TransportOptions)> make_transport;
  bool is_timed_by_workers = false;  // else a job sleeps on `clock` where it is suspended
};
JobEnvironment system_environment();

class Poller;

// Used by one thread at a time.
struct Job {
  Job(Plan& plan, JobState& state, const JobEnvironment& environment)
      : plan(plan),
        state(state),
        environment(environment),
        clock(*environment.clock),
        random(environment.random),
        stop(state.stop_token()) {}

  Plan& plan;  // without its pictures after the submit
  JobState& state;
  const JobEnvironment& environment;
  Clock& clock;
  const Random& random;
  const std::stop_token stop;
  Phase phase = Phase::prepare;    // under way
  std::optional<Gate::Pass> pass;  // of the job gate; released after everything else is closed

  // Of the look-up.
  std::unique_ptr<store::Entry> entry;  // locked, unless there is a write_error
  std::optional<Error> write_error;     // why the entry can only be read
  // `complete`: the record of `clip`. `submitted`: a task to resume. `submitting`: a new task, or,
  // with an external_id, an earlier submit to query the service for.
  Record record;
  bool is_recorded = true;            // `record` is on disk
  std::optional<Record> unknown;      // an earlier submit without a known outcome
  std::shared_ptr<store::Clip> clip;  // complete; from the cache or downloaded
  // What the first look-up found: a later one, after another machine was faster, finds what that
  // one made.
  struct FoundFirst {
    std::optional<std::string> task;  // of the finished clip that a refresh is to replace
    std::optional<Record> submit;     // that resubmit is for
  };
  std::optional<FoundFirst> found_first;

  std::unique_ptr<http::Transport> transport;
  std::optional<Service> service;
  std::optional<std::int64_t> daily_budget;  // in millionths; see check_cost()
  bool is_submitted_now = false;             // by this run: the first poll is delayed
  std::string result_link;                   // secret; for the download
  bool is_clip_in_entry = true;              // else the download was written elsewhere
  std::shared_ptr<Poller> poller;            // see polling.cpp
  // Limits the time from the accepted submit (or from the start of a resumed run) to success, and
  // the time for repeating a submit that was not accepted. Never limits a submit itself. Empty: no
  // limit.
  std::optional<Clock::TimePoint> deadline;

  const Settings& settings() const { return plan.settings; }
  RetryBudget retry_budget() const { return {settings(), random}; }
  void start_deadline();
  bool is_overdue() const { return deadline && clock.now() >= *deadline; }
  // Sleeps at most until the deadline. False when stop was requested.
  bool sleep(Clock::Duration how_long);
  // The phase is to be called again after this time, at most at the deadline, or when stop is
  // requested.
  void suspend(Clock::Duration how_long);
  std::optional<Clock::TimePoint> suspended_until;

  // Announces the start of the phase, once.
  void start(std::string text);
  void complete(std::string text) { state.complete_phase(phase, std::move(text)); }
  // Adds the details of the phase and the task.
  void warn(Error warning);
  // Counts a retry and logs its cause.
  void count_retry(const Error& why);

 private:
  Clock::TimePoint after(Clock::Duration how_long) const;

  std::optional<Phase> started_;
};

// The run of a job. The result is in `state`. The picture is released after the submit.
class JobRun {
 public:
  JobRun(Plan plan, JobState& state, JobEnvironment environment);
  // Runs the job to its end, or until it is suspended: then the result is when to call this again,
  // on any thread.
  std::optional<Clock::TimePoint> proceed();

 private:
  Plan plan_;
  JobState& state_;
  const JobEnvironment environment_;
  std::optional<Job> job_;  // until its end
  std::size_t step_ = 0;
};

// Runs one phase. Its errors get their phase here, and what they tell the user of the task.
Status run_phase(Job& job, Phase phase, Status (*run)(Job&));

// Makes the job's transport and service.
Status connect(Job& job);

// Durable when it returns.
Status save_record(Job& job);
// The same for a record that precedes a submit: see Entry::announce().
Result<bool> announce_record(Job& job);
// The task failed or was not accepted: restores the record of an earlier submit or the previous
// clip, or removes the entry.
void forget_task(Job& job);

// The task id, made printable.
std::string shown_id(const Record& record);

inline constexpr std::size_t shown_key = 12;  // characters; as modelverse-tasks shows it

}  // namespace modelverse::job
