// SPDX-License-Identifier: LGPL-2.1-or-later
// The lock of one entry's directory: flock(2), released when the process ends.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "store/io.h"

namespace modelverse::store {

inline constexpr const char* lock_name = "lock";
// Locked, shared, by the waiters for the lock file.
inline constexpr const char* waiting_name = "waiting";

// Each lock opens the file itself, so two locks in one process exclude each other like two
// processes. The file may be removed (see release()): a lock is valid only while its file still has
// its name.
class DirectoryLock {
 public:
  enum class Missing { make, leave };

  explicit DirectoryLock(std::string directory) : directory_(std::move(directory)) {}
  ~DirectoryLock() { release(); }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  // False: locked elsewhere; or, with Missing::leave, the directory does not exist.
  Result<bool> try_take(Missing missing);
  // try_take(Missing::leave) that waits out the short lock of is_taken(). Blocks for 50 ms at most.
  Result<bool> take_soon();
  // Announces to the holder that this process waits, until release(). Not reliable: the holder may
  // be about to release.
  void announce_waiting();
  // True when a waiter has announced itself. For the holder.
  bool is_waited_for() const;
  // Also removes a directory that holds only the lock files.
  void release();
  bool is_held() const { return static_cast<bool>(fd_); }
  // False when the directory was deleted or replaced: then the lock no longer excludes another
  // process.
  bool is_current() const;

  // True when locked. The check takes the lock, shared, for a moment, in which a concurrent
  // try_take() returns false.
  static bool is_taken(const std::string& directory);

 private:
  // Empty: the directory or the file was removed meanwhile, try again.
  Result<std::optional<bool>> try_once(Missing missing);
  std::string path_of(const char* name) const { return directory_ + "/" + name; }
  bool has_name(int fd, const char* name) const;
  void stop_waiting();
  void detach(bool has_waited);

  std::string directory_;
  Fd fd_;
  Fd waiting_;
};

// True when the directory is known to be on a file server, where each attempt to lock is a request.
bool is_on_file_server(const std::string& directory);

}  // namespace modelverse::store
