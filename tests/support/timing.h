// SPDX-License-Identifier: LGPL-2.1-or-later
// How long something took, and what that was mostly.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace test_support {

using Milliseconds = std::chrono::duration<double, std::milli>;

template <typename Call>
Milliseconds time_of(Call call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - begin;
}

// The value below which `part` of all lie: 0.5 is the median, 1 the largest. Of at least one.
inline Milliseconds percentile(std::vector<Milliseconds> times, double part) {
  std::sort(times.begin(), times.end());
  const auto index = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1) + 0.5);
  return times[index];
}

}  // namespace test_support
