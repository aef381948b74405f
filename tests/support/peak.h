// SPDX-License-Identifier: LGPL-2.1-or-later
// The memory of this process, as /proc/self/status has it.
#pragma once

#include <fstream>
#include <string>

namespace test_support {

// KiB of the line with this label, such as "VmRSS"; 0 where there is none.
inline long status_kib(const std::string& label) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(label + ":"))
      return std::stol(line.substr(label.size() + 1));
  return 0;
}

// The most memory that this process has had.
inline long peak_kib() {
  return status_kib("VmHWM");
}

// From now on it is the most since now.
inline void forget_peak() {
  constexpr int peak = 5;  // see proc(5)
  std::ofstream("/proc/self/clear_refs") << peak;
}

}  // namespace test_support
