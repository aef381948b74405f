// SPDX-License-Identifier: LGPL-2.1-or-later
// Finding and locking the entry.
#include "job/entry_choice.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "job/context.h"

namespace modelverse::job {

namespace {

constexpr auto lock_wait = std::chrono::milliseconds(100);

// Survives a reboot, unlike /tmp and the runtime folder; nothing when it is not ours alone.
std::optional<std::string> refuge_folder() {
  const auto path = "/var/tmp/gst-modelverse-" + std::to_string(getuid());
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return std::nullopt;
  struct stat status = {};
  const bool is_ours = lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                       status.st_uid == getuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  return is_ours ? std::optional(path) : std::nullopt;
}

struct Waiting {
  Clock& clock;
  std::stop_token stop;
  std::optional<Clock::TimePoint> limit;
};

Waiting waiting_for(const Plan& plan, Clock& clock, std::stop_token stop) {
  Waiting waiting{clock, std::move(stop), std::nullopt};
  if (const auto timeout = plan.wish.settings.task_timeout; timeout > 0)
    waiting.limit = clock.now() + std::chrono::seconds(timeout);
  return waiting;
}

Error still_locked(const store::Entry& entry) {
  return {.code = ErrorCode::read,
          .text =
              "Somebody else has been working on this clip for longer than task-timeout. Run it "
              "again later, or set another take.",
          .debug = "flock: " + entry.clip_path()};
}

Result<std::unique_ptr<store::Entry>> wait_for_lock(std::unique_ptr<store::Entry> entry,
                                                    const Waiting& waiting) {
  for (;;) {
    const auto locked = entry->try_lock();
    if (!locked)
      return locked.error();
    if (*locked)
      return entry;
    if (waiting.limit && waiting.clock.now() >= *waiting.limit)
      return still_locked(*entry);
    // flock(2) has no wait that could be given up; the holder may be busy for hours.
    if (!waiting.clock.sleep_for(lock_wait, waiting.stop))
      return cancelled_error(Phase::prepare);
  }
}

}  // namespace

Result<Choice> lock_entry(const Plan& plan, Board& board, Clock& clock, std::stop_token stop) {
  const auto waiting = waiting_for(plan, clock, std::move(stop));
  auto entry = wait_for_lock(store::Cache(plan.cache_dir).entry(plan.key), waiting);
  if (entry.ok())
    return Choice{.entry = std::move(entry).value()};
  auto error = std::move(entry).error();
  if (error.code != ErrorCode::open_write)
    return error;
  const auto refuge = refuge_folder();
  if (refuge) {
    auto second = wait_for_lock(store::Cache(*refuge).entry(plan.key), waiting);
    if (second.ok()) {
      error.text += " The task's id is kept in " + *refuge + " instead; the clip is not kept.";
      board.warn(std::move(error));
      return Choice{.entry = std::move(second).value(), .is_refuge = true};
    }
    if (second.error().code != ErrorCode::open_write)
      return std::move(second).error();
  }
  error.text +=
      " Nothing was submitted, since a task's id could not be kept: let cache-dir name a folder "
      "that "
      "can be written.";
  return error;
}

}  // namespace modelverse::job
