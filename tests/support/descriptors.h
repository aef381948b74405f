// SPDX-License-Identifier: LGPL-2.1-or-later
// The file descriptors of this process.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <vector>

namespace test_support {

// How many are open.
inline std::size_t open_descriptors() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

// While it lives, all descriptors of this process but `left` are taken.
class DescriptorsTaken {
 public:
  explicit DescriptorsTaken(std::size_t left = 0) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
    // So that there are not too many to take. Descriptors may be open beyond that.
    rlimit limit = before_;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, static_cast<rlim_t>(first) + 64);
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = first; fd >= 0; fd = fcntl(first, F_DUPFD_CLOEXEC, 0))
      taken_.push_back(fd);
    give_back(left);
  }
  DescriptorsTaken(const DescriptorsTaken&) = delete;
  DescriptorsTaken& operator=(const DescriptorsTaken&) = delete;
  ~DescriptorsTaken() {
    give_back(taken_.size());
    setrlimit(RLIMIT_NOFILE, &before_);
  }

  void give_back(std::size_t count) {
    for (; count > 0 && !taken_.empty(); --count) {
      close(taken_.back());
      taken_.pop_back();
    }
  }

 private:
  rlimit before_ = {};
  std::vector<int> taken_;
};

}  // namespace test_support
