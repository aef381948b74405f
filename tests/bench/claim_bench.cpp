// SPDX-License-Identifier: LGPL-2.1-or-later
// What a submit costs more since machines share a directory: the entry's claim, made and removed.
// MODELVERSE_BENCH_SHARED: a directory on another file system.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "record.h"
#include "store/claim.h"
#include "support/scratch_directory.h"
#include "support/timing.h"

int main() {
  using modelverse::store::Claim;
  constexpr std::size_t claims = 1000;
  const char* shared = std::getenv("MODELVERSE_BENCH_SHARED");
  const test_support::ScratchDirectory directory(shared ? std::filesystem::path(shared)
                                                        : std::filesystem::temp_directory_path());
  const auto path = directory.path() + "/" + modelverse::store::claim_name;
  std::vector<test_support::Milliseconds> times;
  for (std::size_t i = 0; i < claims; ++i)
    times.push_back(test_support::time_of([&] {
      auto claim = Claim::try_make(path, std::chrono::minutes(13));
      if (!claim || !*claim)
        std::exit(1);
      claim->reset();
    }));
  const auto median = test_support::percentile(times, 0.5).count();
  const auto most = test_support::percentile(times, 0.9).count();
  std::printf("%zu claims: median %.2f ms, 90 %% below %.2f ms\n", claims, median, most);
  test_support::record("\"bench\": \"claim\", \"median_ms\": " + std::to_string(median) +
                       ", \"p90_ms\": " + std::to_string(most));
  return 0;
}
