// SPDX-License-Identifier: LGPL-2.1-or-later
// Stopping at random instants of a phase: for a test that it is quick, and a benchmark of how
// quick.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "element_test.h"
#include "support/timing.h"

namespace test_support {

// "submit", "generate", "download", or "cached"; or "waiting", for a picture on a pad.
class StopTest : public ElementTest, public testing::WithParamInterface<const char*> {
 protected:
  // From set_state(NULL) to its return, `count` times, each at another instant of the phase.
  std::vector<Milliseconds> stop_often(int count);

 private:
  void prepare(const std::string& phase);
  std::string stopped(const std::string& phase, int number) const;
  Milliseconds stop_once(const std::string& phase, int number);

  std::mt19937 random_{std::random_device()()};
};

inline constexpr const char* stop_phases[] = {"submit", "generate", "download", "cached",
                                              "waiting"};

}  // namespace test_support
