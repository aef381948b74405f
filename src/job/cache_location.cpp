// SPDX-License-Identifier: LGPL-2.1-or-later
// Locking the entry, and waiting for whoever has it locked.
#include "job/cache_location.h"

#include <algorithm>
#include <utility>

#include "job/context.h"

namespace modelverse::job {

namespace {

// Short at first, for the short locks of is_taken().
constexpr auto first_lock_wait = std::chrono::milliseconds(2);
constexpr auto longest_lock_wait = std::chrono::milliseconds(100);
// A longer wait is reported to the user.
constexpr auto silent_lock_wait = std::chrono::seconds(1);

Error still_locked(const store::Entry& entry) {
  return {.code = ErrorCode::read,
          .text =
              "Another element or process has been working on this clip for longer than "
              "task-timeout. Try again later, or set another take.",
          .debug = "flock: " + entry.clip_path()};
}

void report_waiting(JobState& job_state, const store::Entry& entry) {
  const auto record = entry.peek();
  const auto task = record && *record && !(*record)->task_id.empty()
                        ? " (task " + shown_id(**record) + ")"
                        : std::string();
  job_state.inform("Another element or process is working on this clip" + task +
                   ": waiting for its result. Nothing is submitted meanwhile.");
}

class Search {
 public:
  Search(const Plan& plan, JobState& job_state, Clock& clock, const std::stop_token& stop)
      : plan_(plan), job_state_(job_state), clock_(clock), stop_(stop) {
    if (const auto timeout = plan.settings.task_timeout; timeout > 0)
      limit_ = clock.now() + std::chrono::seconds(timeout);
  }

  Result<CacheLocation> run() {
    CacheLocation location{.entry = store::Cache(plan_.cache_dir).entry(plan_.key),
                           .cache_dir = plan_.cache_dir};
    auto locked = wait_for_lock(location);
    if (locked)
      return location;
    if (locked.error().code != ErrorCode::open_write)
      return std::move(locked).error();
    const auto seen = location.entry->peek();
    if (!seen)
      return seen.error();
    if (!*seen)
      return refusal(std::move(locked).error());
    location.write_error = std::move(locked).error();
    return location;
  }

 private:
  Status wait_for_lock(CacheLocation& location) {
    auto& entry = *location.entry;
    std::optional<std::string> task_before;
    bool is_told = false;
    const auto begun = clock_.now();
    for (Clock::Duration wait = first_lock_wait;;
         wait = std::min<Clock::Duration>(2 * wait, longest_lock_wait)) {
      const auto locked = entry.try_lock();
      if (!locked)
        return locked.error();
      if (*locked) {
        const auto task = task_before ? finished_task(entry) : std::string();
        location.is_fresh = !task.empty() && task != *task_before;
        return Done{};
      }
      if (limit_ && clock_.now() >= *limit_)
        return still_locked(entry);
      if (!task_before)
        task_before = finished_task(entry);
      entry.announce_waiting();
      if (!is_told && clock_.now() - begun >= silent_lock_wait) {
        report_waiting(job_state_, entry);
        is_told = true;
      }
      // A blocking flock(2) cannot be cancelled, and the holder may be busy for hours.
      if (!clock_.sleep_for(wait, stop_))
        return cancelled_error(Phase::prepare);
    }
  }

  static Error refusal(Error error) {
    error.text +=
        " Nothing was submitted, since the task's id could not be stored: set cache-dir to a "
        "writable directory.";
    return error;
  }

  const Plan& plan_;
  JobState& job_state_;
  Clock& clock_;
  const std::stop_token& stop_;
  std::optional<Clock::TimePoint> limit_;
};

}  // namespace

std::string finished_task(const store::Entry& entry) {
  const auto record = entry.peek();
  const bool is_finished = record && *record && (*record)->state == RecordState::complete;
  return is_finished ? (*record)->task_id : std::string();
}

Result<CacheLocation> find_cache_location(const Plan& plan, JobState& job_state, Clock& clock,
                                          const std::stop_token& stop) {
  return Search(plan, job_state, clock, stop).run();
}

}  // namespace modelverse::job
