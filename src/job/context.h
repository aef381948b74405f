// SPDX-License-Identifier: LGPL-2.1-or-later
// State that all phases of a job share. Lives as long as the job's thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/policy.h"
#include "core/record.h"
#include "job/cache_location.h"
#include "job/job_state.h"
#include "job/plan.h"
#include "job/service.h"

namespace modelverse::job {

inline RetryBudget retry_budget(const Settings& settings, const Random& random) {
  return RetryBudget({.retries = settings.retries,
                      .backoff_factor = settings.retry_backoff_factor,
                      .backoff_max = settings.retry_backoff_max},
                     random);
}

struct Context {
  Plan& plan;  // without its picture after the submit
  JobState& job_state;
  Clock& clock;
  const Random& random;
  http::Transport& transport;
  Service& service;
  CacheLocation& location;
  Record record;
  std::optional<Record> unknown;  // an earlier submit without a known outcome (see Found)
  std::stop_token stop;
  bool is_written_down = true;    // the record is on disk
  bool is_submitted_now = false;  // by this run: the first poll is delayed
  // Limits the time from the accepted submit (or from the start of a resumed run) to Success, and
  // the time for repeating a submit that was not accepted. Never limits a submit itself. Empty: no
  // limit.
  std::optional<Clock::TimePoint> deadline;

  const Settings& settings() const { return plan.settings; }
  RetryBudget retry_budget() const { return job::retry_budget(settings(), random); }
  void start_deadline() {
    if (settings().task_timeout > 0)
      deadline = clock.now() + std::chrono::seconds(settings().task_timeout);
  }
  bool is_overdue() const { return deadline && clock.now() >= *deadline; }
  // Sleeps at most until the deadline. False when stop was requested.
  bool sleep(Clock::Duration how_long) {
    auto until = clock.now() + how_long;
    if (deadline && *deadline < until)
      until = *deadline;
    return clock.sleep_until(until, stop);
  }
  // Counts a retry and logs its cause.
  void count_retry(const Error& why) {
    job_state.edit_stats([](TaskStats& stats) { ++stats.retries; });
    job_state.log("Retrying after: " + why.debug);
  }
};

// Durable when it returns.
Status save_record(Context& context);
// The same for a record that precedes a submit: see Entry::announce().
Status announce_record(Context& context);
// The task failed or was not accepted: restores the record of an earlier submit or the previous
// clip, or removes the entry.
void forget_task(Context& context);

// The error of a job that has no readers left.
inline Error cancelled_error(Phase phase) {
  Error error{.code = ErrorCode::cancelled, .text = "Cancelled.", .debug = {}};
  error.details.phase = phase;
  return error;
}

// The task id, made printable.
std::string shown_id(const Record& record);

// Adds the details of the task to the error.
inline constexpr std::size_t shown_key = 12;  // characters; as modelverse-tasks shows it

Error with_details(Error error, const Record& record);

// The same for an error after which the task can be resumed: the text says how.
Error with_task(Error error, const Record& record);

}  // namespace modelverse::job
