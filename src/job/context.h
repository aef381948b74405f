// SPDX-License-Identifier: LGPL-2.1-or-later
// What every phase of a job needs at hand. Lives as long as the job's thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/policy.h"
#include "core/record.h"
#include "job/job_state.h"
#include "job/place.h"
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
  Plan& plan;  // without its picture once that is sent
  JobState& job_state;
  Clock& clock;
  const Random& random;
  http::Transport& transport;
  Service& service;
  Place& place;
  Record record;
  std::optional<Record> unknown;  // an earlier submit without a known outcome (see Found)
  std::stop_token stop;
  bool is_written_down = true;    // the disk knows the task
  bool is_submitted_now = false;  // by this run: the first poll then has time
  // From the accepted submit (or from where this run took the task up) to Success, and before that
  // of repeating a submit that was not accepted. Never of a submit itself. Nothing: no limit.
  std::optional<Clock::TimePoint> deadline;

  const Settings& settings() const { return plan.settings; }
  RetryBudget retry_budget() const { return job::retry_budget(settings(), random); }
  void start_deadline() {
    if (settings().task_timeout > 0)
      deadline = clock.now() + std::chrono::seconds(settings().task_timeout);
  }
  bool is_overdue() const { return deadline && clock.now() >= *deadline; }
  // Sleeps no longer than to the deadline. False when stop was requested.
  bool sleep(Clock::Duration how_long) {
    auto until = clock.now() + how_long;
    if (deadline && *deadline < until)
      until = *deadline;
    return clock.sleep_until(until, stop);
  }
  // It is tried again, because of this.
  void count_retry(const Error& why) {
    job_state.edit_stats([](TaskStats& stats) { ++stats.retries; });
    job_state.note("Trying again after: " + why.debug);
  }
};

// Durable when it returns.
Status save_record(Context& context);
// The same for one whose submit follows: see Entry::announce().
Status announce_record(Context& context);
// The task came to nothing: the entry is as it was before it, or gone.
void forget_task(Context& context);

// The end of a job whose readers have all gone.
inline Error cancelled_error(Phase phase) {
  Error error{.code = ErrorCode::cancelled, .text = "Cancelled.", .debug = {}};
  error.details.phase = phase;
  return error;
}

// The task's id, fit for a message.
std::string shown_id(const Record& record);

// The same error with what is known of the task in its details.
inline constexpr std::size_t shown_key = 12;  // characters; as modelverse-tasks shows it

Error with_details(Error error, const Record& record);

// The end of a job whose task can be gone on with: says so, too.
Error with_task(Error error, const Record& record);

}  // namespace modelverse::job
