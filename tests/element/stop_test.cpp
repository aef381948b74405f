// SPDX-License-Identifier: LGPL-2.1-or-later
// Stopping is quick at any instant, and leaves no thread.
#include "stops.h"

namespace test_support {
namespace {

using Stop = StopTest;

TEST_P(Stop, returns_at_once_at_any_instant_and_leaves_no_thread) {
  // Far above what it takes (the benchmark says how long that is), far below what it cuts short.
  for (const auto time : stop_often(12))
    EXPECT_LT(time, std::chrono::seconds(5));
  EXPECT_EQ(job_threads(), 0);
}

INSTANTIATE_TEST_SUITE_P(Each, Stop, testing::ValuesIn(stop_phases),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace test_support
