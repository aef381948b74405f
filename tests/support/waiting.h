// SPDX-License-Identifier: LGPL-2.1-or-later
// Waiting for what is announced to nobody.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>
#include <thread>

namespace test_support {

// Asks again every few milliseconds until it is true; false once the deadline has passed.
inline bool wait_until(const std::function<bool()>& is_true,
                       std::chrono::milliseconds deadline = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// Threads of this process that run jobs.
inline int job_threads() {
  int count = 0;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", gone)) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    count += name == "modelverse-job";
  }
  return count;
}

}  // namespace test_support
