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

Result<std::unique_ptr<store::Entry>> wait_for_lock(std::unique_ptr<store::Entry> entry,
                                                    Clock& clock, const std::stop_token& stop) {
  for (;;) {
    const auto locked = entry->try_lock();
    if (!locked)
      return locked.error();
    if (*locked)
      return entry;
    // flock(2) has no wait that could be given up; the holder may be busy for hours.
    if (!clock.sleep_for(lock_wait, stop))
      return cancelled_error(Phase::prepare);
  }
}

}  // namespace

Result<std::unique_ptr<store::Entry>> lock_entry(const Plan& plan, Board& board, Clock& clock,
                                                 std::stop_token stop) {
  auto entry = wait_for_lock(store::Cache(plan.cache_dir).entry(plan.key), clock, stop);
  if (entry.ok() || entry.error().code == ErrorCode::cancelled)
    return entry;
  const auto refuge = refuge_folder();
  if (!refuge)
    return entry;
  auto second = wait_for_lock(store::Cache(*refuge).entry(plan.key), clock, stop);
  if (!second.ok())
    return second.error().code == ErrorCode::cancelled ? std::move(second) : std::move(entry);
  auto warning = std::move(entry).error();
  warning.text += " The task and its clip are kept in " + *refuge + " instead.";
  board.warn(std::move(warning));
  return second;
}

}  // namespace modelverse::job
