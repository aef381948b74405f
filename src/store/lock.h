// SPDX-License-Identifier: LGPL-2.1-or-later
// The lock of one entry's directory: flock(2), which ends with the process that holds it.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "store/io.h"

namespace modelverse::store {

inline constexpr const char* lock_name = "lock";
// Its lock is shared by those who wait for the other one.
inline constexpr const char* waiting_name = "waiting";

// Each lock opens the file for itself, so two of them in one process exclude each other just as two
// processes do. The file may vanish (see release()): a lock counts only while the file that it is
// on still has its name.
class DirectoryLock {
 public:
  enum class Missing { make, leave };

  explicit DirectoryLock(std::string directory) : directory_(std::move(directory)) {}
  ~DirectoryLock() { release(); }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  // False: somebody else has it; or, with Missing::leave, there is no such directory.
  Result<bool> try_take(Missing missing);
  // The same, patient for a moment with who only asks is_taken(). Blocks for 50 ms at most.
  Result<bool> take_soon(Missing missing);
  // Says to the holder that we wait, until release(). Not certain: he may just be leaving.
  void announce_waiting();
  // Does somebody else say so? For the holder.
  bool is_waited_for() const;
  // A directory that holds nothing but the lock goes with it.
  void release();
  bool is_held() const { return static_cast<bool>(fd_); }
  // False when the directory was deleted or replaced under us: then others can take the lock.
  bool is_current() const;

  // Does somebody hold it? Asking takes it, shared, for a moment, in which a try_take() of somebody
  // else comes back with false.
  static bool is_taken(const std::string& directory);

 private:
  // Nothing: the directory or the file vanished meanwhile, try again.
  Result<std::optional<bool>> try_once(Missing missing);
  std::string path_of(const char* name) const { return directory_ + "/" + name; }
  bool has_name(int fd, const char* name) const;
  void stop_waiting();
  void let_go(bool has_waited);

  std::string directory_;
  Fd fd_;
  Fd waiting_;
};

}  // namespace modelverse::store
