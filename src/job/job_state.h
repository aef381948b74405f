// SPDX-License-Identifier: LGPL-2.1-or-later
// The state of a job: the only data that the job and the elements share.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/arrival_rate.h"
#include "core/error.h"
#include "core/guarded.h"
#include "core/task.h"
#include "store/clip.h"

namespace modelverse::job {

struct PhaseStarted {
  Phase phase;
  std::string text;
};
struct PhaseCompleted {
  Phase phase;
  std::string text;
};
struct StatusChanged {
  TaskStatus status;
  TaskStats stats;
};
// The task's result: the number of clips, and the index of the clip that this job downloads.
struct ResultKnown {
  std::size_t count;
  unsigned index;
};
struct Warned {
  Error what;  // posted as a WARNING
};
// Information for the user that is not a problem.
struct Informed {
  std::string text;  // posted as an INFO
};
// Goes to the debug log only, by the thread of a reader: a job may outlive gst_deinit(), which
// frees the categories of GStreamer's log. Must not hold more secrets than an Error.
struct Logged {
  std::string text;
};
// In order of occurrence; each reader receives each event once.
using Event = std::variant<PhaseStarted, PhaseCompleted, StatusChanged, ResultKnown, Warned,
                           Informed, Logged>;

// The latest progress of the current phase. `serial` grows with each update.
struct Progress {
  unsigned serial = 0;
  Phase phase = Phase::submit;
  int percent = 0;  // 0 to 99
  std::string text;
};

// Location of the job's clip in the cache.
struct CachedClip {
  std::string cache_dir;
  std::string key;
  std::string task_id;
};

struct JobStateData {
  std::vector<Event> events;
  Progress progress;
  TaskStatus status = TaskStatus::none;
  TaskStats stats;
  std::size_t result_count = 0;  // as last reported

  std::shared_ptr<store::Clip> clip;  // set when the first bytes can be read
  std::uint64_t available = 0;        // bytes of it
  std::uint64_t served = 0;           // a reader has received bytes up to here
  std::optional<std::uint64_t> size;  // of the whole clip, once known
  ArrivalRate arrival_rate;           // of `available`
  bool is_complete = false;           // available == size and checked
  CachedClip cached_clip;             // once complete
  std::optional<Error> error;         // set when the job failed

  unsigned readers = 0;                 // elements that read this clip
  bool is_to_stay = false;              // a reader, present or past, needs the clip kept
  bool is_posting = false;              // a submit is under way and must not be abandoned
  std::chrono::seconds longest_post{};  // limit of the wait in exit()
  bool is_evicting = false;             // old clips are being removed after this one was served
  bool is_closed = false;               // stopped or failed: no reader can join
};

// The job writes through these methods; each wakes the waiting readers.
class JobState {
 public:
  Guarded<JobStateData>::Access lock() { return state_.lock(); }
  std::stop_token stop_token() const { return stop_.get_token(); }

  // Adds a reader. False: this job accepts no reader; the caller needs a new job.
  bool join();
  // Removes a reader. The last one stops the job, unless a submit is under way.
  void leave();
  // Enclose a POST: between them the job outlives its readers. False: all readers have left, and
  // nothing may be submitted. `may_take`: limit of the wait in exit().
  bool begin_post(std::chrono::seconds may_take);
  // Asked right before the POST, after the waits that precede it. False: as above.
  bool keep_posting();
  void end_post();

  void start_phase(Phase phase, std::string text) { add(PhaseStarted{phase, std::move(text)}); }
  void complete_phase(Phase phase, std::string text) {
    add(PhaseCompleted{phase, std::move(text)});
  }
  void report_progress(Phase phase, int percent, std::string text);
  void warn(Error what) { add(Warned{std::move(what)}); }
  void inform(std::string text) { add(Informed{std::move(text)}); }
  void log(std::string text) { add(Logged{std::move(text)}); }
  void set_status(TaskStatus status);
  // Reports a result of the same count only once.
  void set_result(std::size_t count, unsigned index);
  // Adds what is known of the task to the stats; nothing is announced.
  void set_task(const TaskInfo& task) {
    edit_stats([&](TaskStats& stats) { stats.update(task); });
  }
  // `change` edits the stats; nothing is announced.
  template <typename Change>
  void edit_stats(Change change) {
    auto state = lock();
    change(state->stats);
  }
  void set_size(std::optional<std::uint64_t> size);
  void publish(std::shared_ptr<store::Clip> clip, std::uint64_t available);
  // Called for each block received: the hot path.
  void grow(std::uint64_t available);
  // The clip is complete: readers can read all of it.
  void finish(std::shared_ptr<store::Clip> clip, CachedClip cached_clip);
  bool is_published() { return lock()->clip != nullptr; }
  // Around the removal of old clips, from before the clip is complete: exit() waits for it shortly.
  void begin_eviction();
  void end_eviction();
  void fail(Error error);
  // The bytes from `available` on are replaced by different ones. False: a reader has already
  // received some of them.
  bool shrink(std::uint64_t available);

 private:
  void add(Event event);

  Guarded<JobStateData> state_;
  std::stop_source stop_;
};

// Calls end_post() on every exit from the scope.
class Posting {
 public:
  Posting(JobState& job_state, std::chrono::seconds may_take)
      : job_state_(job_state), has_begun_(job_state.begin_post(may_take)) {}
  ~Posting() {
    if (has_begun_)
      job_state_.end_post();
  }
  Posting(const Posting&) = delete;
  Posting& operator=(const Posting&) = delete;
  explicit operator bool() const { return has_begun_; }

 private:
  JobState& job_state_;
  bool has_begun_;
};

}  // namespace modelverse::job
