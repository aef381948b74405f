// SPDX-License-Identifier: LGPL-2.1-or-later
// How long set_state(NULL) takes at any instant of each phase.
#include <iomanip>
#include <iostream>

#include "element/stops.h"

namespace test_support {
namespace {

constexpr int stops = 200;

using Stop = StopTest;

TEST_P(Stop, at_random_instants) {
  const auto times = stop_often(stops);
  std::cout << std::fixed << std::setprecision(2) << std::setw(8) << GetParam() << ": p50 "
            << percentile(times, 0.5).count() << " ms, p99 " << percentile(times, 0.99).count()
            << " ms, max " << percentile(times, 1).count() << " ms (" << stops << " stops)\n";
}

INSTANTIATE_TEST_SUITE_P(Each, Stop, testing::ValuesIn(stop_phases),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace test_support
