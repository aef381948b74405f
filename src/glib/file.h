// SPDX-License-Identifier: LGPL-2.1-or-later
// File descriptors: their owner, and a read with a limit.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace modelverse {

class Fd {
 public:
  Fd() = default;
  static Fd adopt(int fd) { return Fd(fd); }
  Fd(Fd&& other) noexcept : fd_(other.leak()) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    // Not repeated on EINTR: Linux has already closed it.
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int leak() { return std::exchange(fd_, -1); }

 private:
  explicit Fd(int fd) : fd_(fd) {}
  int fd_ = -1;
};

// Repeats `call` while a signal interrupts it.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR)
    result = call();
  return result;
}

// Opens a file of the user; without O_NONBLOCK, a FIFO would block until it has a writer.
inline Fd open_for_reading(const std::string& path) {
  return Fd::adopt(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

// Reads from the current position to the end of the file, at most `limit` bytes. Nothing on an
// error; `errno` is then set, to ECANCELED if `stop` was requested.
inline std::optional<std::string> read_file(int fd, std::size_t limit,
                                            const std::stop_token& stop = {}) {
  constexpr std::size_t step = 64 * 1024;
  struct stat info = {};
  (void)::fstat(fd, &info);
  std::string bytes;
  bytes.reserve(std::min(limit, static_cast<std::size_t>(info.st_size) + step));
  while (bytes.size() < limit) {
    if (stop.stop_requested()) {
      errno = ECANCELED;
      return {};
    }
    const auto have = bytes.size();
    const auto most = std::min(step, limit - have);
    bytes.resize(have + most);
    const auto got = uninterrupted([&] { return ::read(fd, bytes.data() + have, most); });
    if (got < 0)
      return {};
    bytes.resize(have + static_cast<std::size_t>(got));
    if (got == 0)
      break;
  }
  return bytes;
}

}  // namespace modelverse
