// SPDX-License-Identifier: LGPL-2.1-or-later
// One element's view of a job: reads the clip as it grows and receives the job's events. Reads can
// be interrupted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

#include "core/guarded.h"
#include "core/result.h"
#include "job/delivery.h"
#include "job/job.h"
#include "job/job_state.h"
#include "job/plan.h"

namespace modelverse::job {

struct AtEnd {};
struct Interrupted {};
struct UpdatesWaiting {};  // take_updates() first
using ReadResult = std::variant<store::Chunk, AtEnd, Interrupted, UpdatesWaiting, Error>;

struct Updates {
  std::vector<Event> events;
  std::optional<Progress> progress;  // the latest, when it is new
};

// How much of the clip can be read.
struct Arrived {
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> size;       // of the complete clip, once known
  std::optional<double> bytes_per_second;  // of late
  bool is_complete = false;
};

// All methods except open() and read() return at once and may be called from any thread.
class Reader {
 public:
  explicit Reader(JobEnvironment environment = system_environment());
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Creates or joins the job. Reads the picture, so it may block on file reads; interrupt() ends it
  // with ErrorCode::cancelled, and it may be called again. After a success, further calls do
  // nothing.
  Status open(const Settings& settings);

  // 1 to `size` bytes from `offset`; with `exactly`, exactly `size`, or less at the clip's end.
  // Waits until they are available. Must not be called before open().
  ReadResult read(std::uint64_t offset, std::size_t size, bool exactly);
  // From the streaming thread only.
  Updates take_updates();

  // Ends open() and read() now, and later calls until resume().
  void interrupt();
  void resume();

  bool is_open();
  // Size of the complete clip. Empty until the size is known and the clip can be read.
  std::optional<std::uint64_t> size();
  Arrived arrived();
  bool is_complete();
  TaskStats stats();
  TaskStatus status();

 private:
  std::shared_ptr<JobState> job_state();
  void note_delivered(std::uint64_t offset, std::size_t size);

  JobEnvironment environment_;
  std::atomic<bool> is_interrupted_ = false;
  Guarded<std::shared_ptr<JobState>> job_state_;
  Guarded<std::stop_source> opening_;
  // The streaming thread's own.
  std::optional<Delivery> until_whole_;  // with cache-mode=off
  bool came_late_ = false;               // joined a job whose clip was complete
  std::size_t events_seen_ = 0;
  unsigned progress_seen_ = 0;
};

}  // namespace modelverse::job
