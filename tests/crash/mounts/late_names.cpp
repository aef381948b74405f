// SPDX-License-Identifier: LGPL-2.1-or-later
// A mount with a cache of names and attributes, as of NFS, for LD_PRELOAD. What a machine has
// looked up below MODELVERSE_LATE_DIRECTORY it believes for up to 3 s, each name for a time of its
// own: a name that another machine makes meanwhile stays absent for stat(2) and open(2), and
// attributes stay as they were. The machine's own changes are seen at once. Calls that change a
// directory reach the server and are atomic there. A file that is opened is the current one.
//
// The processes of one machine share its cache, the file MODELVERSE_LATE_CACHE, over their ends.
// Defines both names of a call, with 64 bits and without: they are the same with this macro.
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace {

constexpr std::int64_t longest_ms = 3000;

struct Name {
  std::size_t hash = 0;
  std::int64_t until = 0;  // ms
  bool exists = false;
  struct stat info = {};
};
using Names = std::array<Name, 4096>;

template <typename Function>
Function original(const char* symbol) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, symbol));
}

std::int64_t now() {
  timespec time = {};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

class Cache {
 public:
  // Never freed: threads may outlive the static destructors.
  static Cache& get() {
    static auto* only = new Cache;
    return *only;
  }
  bool watches(const std::string& path) const { return names_ && path.starts_with(directory_); }

  std::optional<Name> find(const std::string& path) {
    const Guard guard(*this);
    const Name name = slot(path);
    const bool is_valid = name.hash == std::hash<std::string>()(path) && now() < name.until;
    return is_valid ? std::optional(name) : std::nullopt;
  }
  void add(const std::string& path, const struct stat* info) {
    const Guard guard(*this);
    Name& name = slot(path);
    name = {std::hash<std::string>()(path), now() + random() % longest_ms, info != nullptr, {}};
    if (info)
      name.info = *info;
  }
  void forget(const std::string& path) {
    const Guard guard(*this);
    slot(path).until = 0;
  }

 private:
  // Released when the process is killed. Not flock(2) by name: the other library replaces it.
  struct Guard {
    explicit Guard(Cache& cache) : cache(cache), lock(cache.mutex_) {
      ::syscall(SYS_flock, cache.fd_, LOCK_EX);
    }
    ~Guard() { ::syscall(SYS_flock, cache.fd_, LOCK_UN); }
    Cache& cache;
    std::lock_guard<std::mutex> lock;
  };

  Cache() {
    const char* directory = std::getenv("MODELVERSE_LATE_DIRECTORY");
    const char* file = std::getenv("MODELVERSE_LATE_CACHE");
    if (!directory || !file)
      return;
    directory_ = directory;
    fd_ =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd_ < 0 || ::ftruncate(fd_, sizeof(Names)) != 0)
      return;
    void* memory = ::mmap(nullptr, sizeof(Names), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
    if (memory != MAP_FAILED)
      names_ = static_cast<Names*>(memory);
    seed_ =
        static_cast<std::uint64_t>(now()) * 2654435761u + static_cast<std::uint64_t>(::getpid());
  }
  Name& slot(const std::string& path) {
    return (*names_)[std::hash<std::string>()(path) % names_->size()];
  }
  std::int64_t random() {
    seed_ = seed_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::int64_t>(seed_ >> 40);
  }

  std::string directory_;
  int fd_ = -1;
  Names* names_ = nullptr;
  std::uint64_t seed_ = 0;
  std::mutex mutex_;
};

std::string path_at(int directory, const char* name) {
  if (name[0] == '/' || directory == AT_FDCWD)
    return name;
  std::array<char, PATH_MAX> target = {};
  const std::string link = "/proc/self/fd/" + std::to_string(directory);
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  return std::string(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0) + "/" + name;
}

// True, with errno set: the machine believes that there is no such name.
bool seems_absent(const std::string& path) {
  const auto name = Cache::get().watches(path) ? Cache::get().find(path) : std::optional<Name>();
  if (!name || name->exists)
    return false;
  errno = ENOENT;
  return true;
}

int status(int directory, const char* name, struct stat* info, int flags) {
  const auto real = original<int (*)(int, const char*, struct stat*, int)>("fstatat");
  const std::string path = path_at(directory, name);
  if (name[0] == '\0' || !Cache::get().watches(path))
    return real(directory, name, info, flags);
  if (const auto known = Cache::get().find(path)) {
    *info = known->info;
    errno = known->exists ? errno : ENOENT;
    return known->exists ? 0 : -1;
  }
  const int done = real(directory, name, info, flags);
  if (done == 0 || errno == ENOENT) {
    const int error_number = errno;
    Cache::get().add(path, done == 0 ? info : nullptr);
    errno = error_number;
  }
  return done;
}

int open_file(const char* symbol, int directory, const char* name, int flags, mode_t mode) {
  const auto real = original<int (*)(int, const char*, int, ...)>(symbol);
  const std::string path = path_at(directory, name);
  if (!Cache::get().watches(path) || (flags & O_DIRECTORY) != 0)
    return real(directory, name, flags, mode);
  if ((flags & O_CREAT) == 0 && seems_absent(path))
    return -1;
  const int fd = real(directory, name, flags, mode);
  const int error_number = errno;
  if ((flags & O_CREAT) != 0)
    Cache::get().forget(path);
  else if (fd < 0 && error_number == ENOENT)
    Cache::get().add(path, nullptr);
  errno = error_number;
  return fd;
}

// A call that changes `path` at the server, and of which `from` is looked up before.
template <typename Call>
int change(const std::string& from, const std::string& path, Call call) {
  if (!from.empty() && seems_absent(from))
    return -1;
  const int done = call();
  const int error_number = errno;
  for (const auto& name : {from, path}) {
    if (!name.empty() && Cache::get().watches(name))
      Cache::get().forget(name);
  }
  errno = error_number;
  return done;
}

int link_file(int from_directory, const char* from, int to_directory, const char* to, int flags) {
  return change(path_at(from_directory, from), path_at(to_directory, to), [&] {
    return original<int (*)(int, const char*, int, const char*, int)>("linkat")(
        from_directory, from, to_directory, to, flags);
  });
}

int rename_file(int from_directory, const char* from, int to_directory, const char* to,
                unsigned flags) {
  return change(path_at(from_directory, from), path_at(to_directory, to), [&] {
    return original<int (*)(int, const char*, int, const char*, unsigned)>("renameat2")(
        from_directory, from, to_directory, to, flags);
  });
}

int remove_file(int directory, const char* name, int flags) {
  return change(path_at(directory, name), {}, [&] {
    return original<int (*)(int, const char*, int)>("unlinkat")(directory, name, flags);
  });
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

}  // namespace

// With the types and exception specifications of the C library's declarations.
extern "C" {

int stat(const char* path, struct stat* info) noexcept {
  return status(AT_FDCWD, path, info, 0);
}
int stat64(const char* path, struct stat64* info) noexcept {
  return status(AT_FDCWD, path, reinterpret_cast<struct stat*>(info), 0);
}
int lstat(const char* path, struct stat* info) noexcept {
  return status(AT_FDCWD, path, info, AT_SYMLINK_NOFOLLOW);
}
int lstat64(const char* path, struct stat64* info) noexcept {
  return status(AT_FDCWD, path, reinterpret_cast<struct stat*>(info), AT_SYMLINK_NOFOLLOW);
}
int fstatat(int directory, const char* name, struct stat* info, int flags) noexcept {
  return status(directory, name, info, flags);
}
int fstatat64(int directory, const char* name, struct stat64* info, int flags) noexcept {
  return status(directory, name, reinterpret_cast<struct stat*>(info), flags);
}
int access(const char* path, int mode) noexcept {
  return seems_absent(path) ? -1 : original<int (*)(const char*, int)>("access")(path, mode);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("openat", AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("openat64", AT_FDCWD, path, flags, mode);
}
int openat(int directory, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("openat", directory, name, flags, mode);
}
int openat64(int directory, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file("openat64", directory, name, flags, mode);
}

int link(const char* from, const char* to) noexcept {
  return link_file(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int from_directory, const char* from, int to_directory, const char* to,
           int flags) noexcept {
  return link_file(from_directory, from, to_directory, to, flags);
}
int rename(const char* from, const char* to) noexcept {
  return rename_file(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return rename_file(from_directory, from, to_directory, to, 0);
}
int renameat2(int from_directory, const char* from, int to_directory, const char* to,
              unsigned flags) noexcept {
  return rename_file(from_directory, from, to_directory, to, flags);
}
int unlink(const char* path) noexcept {
  return remove_file(AT_FDCWD, path, 0);
}
int unlinkat(int directory, const char* name, int flags) noexcept {
  return remove_file(directory, name, flags);
}

}  // extern "C"
