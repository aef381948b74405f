// SPDX-License-Identifier: LGPL-2.1-or-later
// The calls, each counted, failed or let through to the kernel.
#include "support/disk_faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <mutex>
#include <set>
#include <utility>

namespace test_support {
namespace {

constexpr std::size_t never = static_cast<std::size_t>(-1);

struct WatchedDisk {
  std::mutex mutex;
  std::vector<std::string> directories;  // none: nothing is counted
  bool watches(const std::string& path) const {
    return std::ranges::any_of(
        directories, [&](const std::string& directory) { return path.starts_with(directory); });
  }
  std::vector<std::string> calls;
  std::size_t fails_at = never;
  bool fails_after = false;
  bool loses_response = false;
  std::size_t dies_at = never;
  int error_number = 0;
  std::set<std::pair<dev_t, ino_t>> reserved;  // files that have room for what they will hold
};

// Never freed: threads of the code under test may outlive the static destructors.
WatchedDisk& disk() {
  static auto* only = new WatchedDisk;
  return *only;
}

enum class Effect { makes, removes };

// May this call go on? Otherwise errno is set.
bool passes(const char* call, const std::string& path, Effect effect, bool is_reserved = false) {
  WatchedDisk& here = disk();
  const std::lock_guard lock(here.mutex);
  if (!here.watches(path) || path.starts_with("/memfd:"))
    return true;
  const std::size_t number = here.calls.size();
  here.calls.push_back(std::string(call) + " " + path.substr(path.find_last_of('/') + 1));
  if (number == here.dies_at)
    ::kill(::getpid(), SIGKILL);
  if (is_reserved && here.error_number == ENOSPC)
    return true;
  const bool is_hit = number == here.fails_at || (here.fails_after && number > here.fails_at);
  if (!is_hit || (effect == Effect::removes && here.error_number == ENOSPC))
    return true;
  errno = here.error_number;
  return false;
}

// Of a call that changes a name and did not pass: errno stays.
template <typename... Arguments>
int fail_named(long number, Arguments... arguments) {
  const int error_number = errno;
  bool is_done = false;
  {
    const std::lock_guard lock(disk().mutex);
    is_done = disk().loses_response;
  }
  if (is_done)
    ::syscall(number, arguments...);
  errno = error_number;
  return -1;
}

std::string path_of(int fd) {
  std::array<char, PATH_MAX> target;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

std::pair<dev_t, ino_t> identity_of(const struct stat& info) {
  return {info.st_dev, info.st_ino};
}

bool is_reserved(int directory, const char* name) {
  struct stat info = {};
  const int flags = AT_SYMLINK_NOFOLLOW | (*name == '\0' ? AT_EMPTY_PATH : 0);
  if (::fstatat(directory, name, &info, flags) != 0)
    return false;
  const std::lock_guard lock(disk().mutex);
  return disk().reserved.contains(identity_of(info));
}

bool is_directory(int fd) {
  struct stat info = {};
  return ::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
}

int reserve(int fd, off64_t offset, off64_t size) {
  if (!passes("fallocate", path_of(fd), Effect::makes))
    return errno;
  if (::syscall(SYS_fallocate, fd, 0, offset, size) != 0)
    return errno;
  struct stat info = {};
  ::fstat(fd, &info);
  const std::lock_guard lock(disk().mutex);
  disk().reserved.insert(identity_of(info));
  return 0;
}

std::string path_at(int directory, const char* name) {
  return name[0] == '/' || directory == AT_FDCWD ? std::string(name)
                                                 : path_of(directory) + "/" + name;
}

template <typename... Arguments>
int system_call(long number, Arguments... arguments) {
  return static_cast<int>(::syscall(number, arguments...));
}

bool makes_a_file(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

int open_at(const char* call, int directory, const char* name, int flags, mode_t mode) {
  if (makes_a_file(flags) && !passes(call, path_at(directory, name), Effect::makes))
    return -1;
  return system_call(SYS_openat, directory, name, flags, mode);
}

}  // namespace

DiskFaults::DiskFaults(std::vector<std::string> directories) {
  heal();
  const std::lock_guard lock(disk().mutex);
  disk().directories = std::move(directories);
  disk().calls.clear();
  disk().reserved.clear();
}

DiskFaults::~DiskFaults() {
  heal();
  const std::lock_guard lock(disk().mutex);
  disk().directories.clear();
}

void DiskFaults::fail_at(std::size_t number, int error_number, bool and_all_after) {
  const std::lock_guard lock(disk().mutex);
  disk().fails_at = number;
  disk().fails_after = and_all_after;
  disk().error_number = error_number;
}

void DiskFaults::lose_response_at(std::size_t number, int error_number) {
  fail_at(number, error_number);
  const std::lock_guard lock(disk().mutex);
  disk().loses_response = true;
}

void DiskFaults::die_at(std::size_t number) {
  const std::lock_guard lock(disk().mutex);
  disk().dies_at = number;
}

void DiskFaults::heal() {
  const std::lock_guard lock(disk().mutex);
  disk().fails_at = disk().dies_at = never;
  disk().fails_after = disk().loses_response = false;
}

std::vector<std::string> DiskFaults::calls() {
  const std::lock_guard lock(disk().mutex);
  return disk().calls;
}

}  // namespace test_support

using test_support::Effect;
using test_support::fail_named;
using test_support::passes;
using test_support::path_at;
using test_support::path_of;
using test_support::system_call;

// With the types and exception specifications of the C library's declarations.
extern "C" {

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = test_support::makes_a_file(flags) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return test_support::open_at("open", AT_FDCWD, path, flags, mode);
}

int openat64(int directory, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = test_support::makes_a_file(flags) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return test_support::open_at("openat", directory, name, flags, mode);
}

// Its own open() is the C library's.
int mkostemp64(char* name, int flags) {
  if (!passes("mkostemp", name, Effect::makes))
    return -1;
  static const auto original =
      reinterpret_cast<int (*)(char*, int)>(::dlsym(RTLD_NEXT, "mkostemp64"));
  return original(name, flags);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  if (!passes("pwrite", path_of(fd), Effect::makes, test_support::is_reserved(fd, "")))
    return -1;
  return ::syscall(SYS_pwrite64, fd, data, size, offset);
}

int posix_fallocate64(int fd, off64_t offset, off64_t size) {
  return test_support::reserve(fd, offset, size);
}

// Counted and not done: it is processes that die here, not machines. Names need no room.
int fsync(int fd) {
  const auto effect = test_support::is_directory(fd) ? Effect::removes : Effect::makes;
  return passes("fsync", path_of(fd), effect, test_support::is_reserved(fd, "")) ? 0 : -1;
}

int ftruncate64(int fd, off64_t size) noexcept {
  return passes("ftruncate", path_of(fd), Effect::removes) ? system_call(SYS_ftruncate, fd, size)
                                                           : -1;
}

int mkdir(const char* path, mode_t mode) noexcept {
  return passes("mkdir", path, Effect::makes) ? system_call(SYS_mkdirat, AT_FDCWD, path, mode)
                                              : fail_named(SYS_mkdirat, AT_FDCWD, path, mode);
}

int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  const bool is_reserved = test_support::is_reserved(from_directory, from);
  if (!passes("rename", path_at(to_directory, to), Effect::makes, is_reserved))
    return fail_named(SYS_renameat2, from_directory, from, to_directory, to, 0);
  return system_call(SYS_renameat2, from_directory, from, to_directory, to, 0);
}

int linkat(int from_directory, const char* from, int to_directory, const char* to,
           int flags) noexcept {
  if (!passes("link", path_at(to_directory, to), Effect::makes))
    return fail_named(SYS_linkat, from_directory, from, to_directory, to, flags);
  return system_call(SYS_linkat, from_directory, from, to_directory, to, flags);
}

int unlinkat(int directory, const char* name, int flags) noexcept {
  if (!passes("unlink", path_at(directory, name), Effect::removes))
    return fail_named(SYS_unlinkat, directory, name, flags);
  return system_call(SYS_unlinkat, directory, name, flags);
}

int unlink(const char* path) noexcept {
  return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char* path) noexcept {
  return passes("rmdir", path, Effect::removes)
             ? system_call(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)
             : -1;
}
}
