// SPDX-License-Identifier: LGPL-2.1-or-later
// The same work on many threads.
#pragma once

#include <thread>
#include <vector>

namespace test_support {

// Calls work(0) to work(count - 1) at once, each on a thread of its own, and waits for all.
template <typename Work>
void on_threads(unsigned count, Work work) {
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < count; ++i)
    threads.emplace_back([&work, i] { work(i); });
}

}  // namespace test_support
