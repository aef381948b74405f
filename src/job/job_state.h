// SPDX-License-Identifier: LGPL-2.1-or-later
// What a job lets its readers know: the only state that a job's thread and the elements share.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

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
// The task's result: how many clips there are, and which of them this job fetches.
struct ResultKnown {
  std::size_t count;
  unsigned index;
};
struct Warned {
  Error what;  // posted as a WARNING
};
// Nothing is wrong, and the user may wonder what goes on.
struct Informed {
  std::string text;  // posted as an INFO
};
// For who looks for a fault: goes to the debug log alone. No more of a secret in it than in an
// Error.
struct Noted {
  std::string text;
};
// In the order in which they happened; every reader gets each of them once.
using Event =
    std::variant<PhaseStarted, PhaseCompleted, StatusChanged, ResultKnown, Warned, Informed, Noted>;

// The latest word on the phase under way. `serial` grows with each.
struct Progress {
  unsigned serial = 0;
  Phase phase = Phase::submit;
  int percent = 0;  // 0 to 99
  std::string text;
};

// Where the clip of the job is to be found on disk.
struct Kept {
  std::string cache_dir;
  std::string key;
  std::string task_id;
};

struct JobStateData {
  std::vector<Event> events;
  Progress progress;
  TaskStatus status;
  TaskStats stats;
  std::size_t result_count = 0;  // as last told

  std::shared_ptr<store::Clip> clip;  // once the first bytes may be read
  std::uint64_t available = 0;        // bytes of it
  std::uint64_t served = 0;           // a reader has seen bytes up to here
  std::optional<std::uint64_t> size;  // of the whole clip, once known
  bool is_complete = false;           // available == size and checked
  Kept kept;                          // once complete
  std::optional<Error> error;         // the job's end, where it is not a clip

  unsigned readers = 0;     // elements that want this clip
  bool is_to_stay = false;  // one of them, though he may be gone, wants it kept when all is over
  bool is_posting = false;  // a submit is under way and must not be abandoned
  std::chrono::seconds longest_post{};  // of exit()'s wait for it
  bool is_closed = false;               // stopped or failed: nobody may join any more
  bool has_ended = false;               // the job's thread is done
};

// The job's side: says what happened and wakes whoever waits.
class JobState {
 public:
  Guarded<JobStateData>::Access lock() { return state_.lock(); }
  std::stop_token stop_token() const { return stop_.get_token(); }

  // A reader comes. False: this job is over for newcomers; a new one has to be made.
  bool join();
  // A reader goes. The last one stops the job, unless a submit is under way.
  void leave();
  // Around a POST: between them the job outlives its readers. False: they have gone already, and
  // nothing may be submitted. `may_take`: how long exit() waits for it at most.
  bool begin_post(std::chrono::seconds may_take);
  void end_post();

  void start_phase(Phase phase, std::string text);
  void complete_phase(Phase phase, std::string text);
  void report_progress(Phase phase, int percent, std::string text);
  void warn(Error what);
  void inform(std::string text);
  void note(std::string text);
  void set_status(TaskStatus status);
  // Tells it once, however often it is asked for.
  void set_result(std::size_t count, unsigned index);
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
  // The clip is whole and kept: readers may have all of it.
  void finish(std::shared_ptr<store::Clip> clip, Kept kept);
  bool is_published() { return lock()->clip != nullptr; }
  void fail(Error error);
  // The bytes from `available` on turned out to be others than these. False: a reader has been
  // served some of them already.
  bool shrink(std::uint64_t available);

 private:
  Guarded<JobStateData> state_;
  std::stop_source stop_;
};

// Whatever ends the scope ends the POST.
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
