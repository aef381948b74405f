// SPDX-License-Identifier: LGPL-2.1-or-later
// The raw output of the benchmarks, see common.py.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

namespace test_support {

// `members` of a JSON object, without its braces.
inline void record(const std::string& members) {
  if (const char* path = std::getenv("MODELVERSE_BENCH_OUTPUT"))
    std::ofstream(path, std::ios::app) << '{' << members << "}\n";
}

}  // namespace test_support
