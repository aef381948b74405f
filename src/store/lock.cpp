// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/lock.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "glib/handles.h"

namespace modelverse::store {
namespace {

bool holds_only_locks(const std::string& directory) {
  bool has_others = false;
  const Status read = each_name(directory, [&](std::string_view name) {
    has_others = has_others || (name != lock_name && name != waiting_name);
  });
  return read && !has_others;
}

// Restricts an entry's directory to its owner, also if it was created otherwise.
void make_private(int directory) {
  struct stat info;
  if (::fstat(directory, &info) == 0 && (info.st_mode & 07777) != 0700) [[maybe_unused]]
    const int ignored = ::fchmod(directory, 0700);
}

// Invalid, with errno set, if it cannot be opened.
Fd open_lock_file(int directory, const char* name) {
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  return Fd::adopt(uninterrupted([&] { return ::openat(directory, name, flags, 0600); }));
}

// For querying a lock.
Fd open_there(const std::string& path) {
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  return Fd::adopt(uninterrupted([&] { return ::open(path.c_str(), flags); }));
}

bool is_regular(int fd) {
  struct stat info;
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

int lock_now(int fd, int operation) {
  return uninterrupted([&] { return ::flock(fd, operation | LOCK_NB); });
}

// A forked child without exec() shares our locks, and would hold them after our end. It releases
// them at fork().
class LocksOfThisProcess {
 public:
  void add(int fd) {
    const std::lock_guard lock(mutex_);
    fds_.push_back(fd);
  }
  void forget(int fd) {
    const std::lock_guard lock(mutex_);
    std::erase(fds_, fd);
  }
  // Never freed: threads may outlive the static destructors.
  static LocksOfThisProcess& all() {
    static auto* only = new LocksOfThisProcess;
    return *only;
  }

 private:
  LocksOfThisProcess() {
    ::pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); },
                     [] {
                       all().detach();
                       all().mutex_.unlock();
                     });
  }
  // Keeps the descriptor numbers in use, so that a later close() in the child closes no other file.
  void detach() {
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (const int fd : fds_)
      ::dup3(nothing, fd, O_CLOEXEC);
    ::close(nothing);
    fds_.clear();
  }

  std::mutex mutex_;
  std::vector<int> fds_;
};

}  // namespace

Result<bool> DirectoryLock::try_take(Missing missing) {
  if (is_held() && is_current())
    return true;
  detach(false);
  // Limit in case another process keeps deleting the directory. A directory that is removed during
  // its creation causes errors of single calls; a persistent error is real.
  constexpr int attempts = 100;
  constexpr int error_attempts = 10;
  int errors = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Result<std::optional<bool>> taken = try_once(missing);
    if (!taken && ++errors == error_attempts)
      return std::move(taken).error();
    if (taken && *taken)
      return **taken;
  }
  return false;
}

Result<bool> DirectoryLock::take_soon() {
  constexpr int tries = 10;
  for (int i = 1;; ++i) {
    Result<bool> taken = try_take(Missing::leave);
    if (!taken || *taken || i == tries)
      return taken;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Result<std::optional<bool>> DirectoryLock::try_once(Missing missing) {
  const std::optional<bool> vanished;
  if (missing == Missing::make) {
    if (Status made = make_directories(directory_); !made)
      return std::move(made).error();
  }
  const Fd directory = try_open_directory(directory_);
  if (!directory && errno == ENOENT)
    return missing == Missing::make ? vanished : false;
  if (!directory)
    return io_error(ErrorCode::open_write, "open", directory_, errno);
  make_private(directory.get());
  const std::string path = path_of(lock_name);
  Fd file = open_lock_file(directory.get(), lock_name);
  if (!file && errno == ENOENT)
    return vanished;
  if (!file || !is_regular(file.get()))
    return io_error(ErrorCode::open_write, "openat", path, file ? ELOOP : errno);
  if (lock_now(file.get(), LOCK_EX) != 0) {
    if (errno == EWOULDBLOCK)
      return std::optional<bool>(false);
    return io_error(ErrorCode::open_write, "flock", path, errno);
  }
  // The last holder may have removed the file between our open() and flock().
  if (!has_name(file.get(), lock_name))
    return vanished;
  fd_ = std::move(file);
  LocksOfThisProcess::all().add(fd_.get());
  return std::optional<bool>(true);
}

void DirectoryLock::announce_waiting() {
  if (waiting_ && has_name(waiting_.get(), waiting_name))
    return;
  stop_waiting();
  const Fd directory = try_open_directory(directory_);
  Fd file = directory ? open_lock_file(directory.get(), waiting_name) : Fd();
  if (!file || lock_now(file.get(), LOCK_SH) != 0)
    return;
  waiting_ = std::move(file);
  LocksOfThisProcess::all().add(waiting_.get());
}

void DirectoryLock::stop_waiting() {
  if (!waiting_)
    return;
  LocksOfThisProcess::all().forget(waiting_.get());
  ::flock(waiting_.get(), LOCK_UN);
  waiting_ = Fd();
}

bool DirectoryLock::is_waited_for() const {
  const Fd fd = open_there(path_of(waiting_name));
  return fd && lock_now(fd.get(), LOCK_EX) != 0 && errno == EWOULDBLOCK;
}

void DirectoryLock::release() {
  const bool has_waited = static_cast<bool>(waiting_);
  stop_waiting();
  detach(has_waited);
}

void DirectoryLock::detach(bool has_waited) {
  if (!fd_)
    return;
  // A process that opened one of these files earlier and then locks it finds its name removed. A
  // process that creates a new one before the rmdir() keeps the directory, which is not empty then.
  const bool is_empty = is_current() && holds_only_locks(directory_);
  if (is_empty || (has_waited && !is_waited_for()))
    ::unlink(path_of(waiting_name).c_str());
  if (is_empty) {
    ::unlink(path_of(lock_name).c_str());
    ::rmdir(directory_.c_str());
  }
  LocksOfThisProcess::all().forget(fd_.get());
  // Explicit unlock: a child before its exec() may share the descriptor.
  ::flock(fd_.get(), LOCK_UN);
  fd_ = Fd();
}

bool DirectoryLock::is_current() const {
  return fd_ && has_name(fd_.get(), lock_name);
}

bool DirectoryLock::has_name(int fd, const char* name) const {
  struct stat held, named;
  return ::fstat(fd, &held) == 0 && ::lstat(path_of(name).c_str(), &named) == 0 &&
         is_same_file(held, named);
}

bool DirectoryLock::is_taken(const std::string& directory) {
  const Fd fd = open_there(directory + "/" + lock_name);
  return fd && lock_now(fd.get(), LOCK_SH) != 0 && errno == EWOULDBLOCK;
}

bool is_on_file_server(const std::string& directory) {
  constexpr const char* attribute = G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE;
  const auto file = ObjectPtr<GFile>::adopt(g_file_new_for_path(directory.c_str()));
  const auto info = ObjectPtr<GFileInfo>::adopt(
      g_file_query_filesystem_info(file.get(), attribute, nullptr, nullptr));
  return info && g_file_info_get_attribute_boolean(info.get(), attribute);
}

}  // namespace modelverse::store
