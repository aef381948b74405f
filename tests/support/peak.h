// SPDX-License-Identifier: LGPL-2.1-or-later
// The most memory that this process has had.
#pragma once

#include <fstream>
#include <string>

namespace test_support {

// "VmHWM:    1234 kB"
inline long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      return std::stol(line.substr(6));
  return 0;
}

// From now on it is the most since now.
inline void forget_peak() {
  constexpr int peak = 5;  // see proc(5)
  std::ofstream("/proc/self/clear_refs") << peak;
}

}  // namespace test_support
