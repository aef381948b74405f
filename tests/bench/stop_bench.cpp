// SPDX-License-Identifier: LGPL-2.1-or-later
// How long set_state(NULL) takes at any instant of each phase.
#include <iomanip>
#include <iostream>

#include "element/stops.h"
#include "record.h"

namespace test_support {
namespace {

constexpr int stops = 200;

using Stop = StopTest;

TEST_P(Stop, at_random_instants) {
  const auto times = stop_often(stops);
  std::cout << std::fixed << std::setprecision(2) << std::setw(8) << GetParam() << ": p50 "
            << percentile(times, 0.5).count() << " ms, p99 " << percentile(times, 0.99).count()
            << " ms, max " << percentile(times, 1).count() << " ms (" << stops << " stops)\n";
  record("\"bench\": \"stop\", \"name\": \"" + std::string(GetParam()) +
         "\", \"p50\": " + std::to_string(percentile(times, 0.5).count()) +
         ", \"p99\": " + std::to_string(percentile(times, 0.99).count()) + ", \"max\": " +
         std::to_string(percentile(times, 1).count()) + ", \"stops\": " + std::to_string(stops));
}

INSTANTIATE_TEST_SUITE_P(Each, Stop, testing::ValuesIn(stop_phases),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace test_support
