// SPDX-License-Identifier: LGPL-2.1-or-later
// What other entries in the cache cost: a submit and its polls beside 10 and 10,000 entries, and
// what looks at all entries: list, prune, and the eviction after a new clip.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "record.h"
#include "store/cache.h"
#include "support/timing.h"
#include "unit/job/bench.h"

namespace modelverse::job::test {
namespace {

std::string key_of(int number) {
  auto digits = std::to_string(number);
  return std::string(64 - digits.size(), 'a') + digits;
}

struct CacheBench : Bench, testing::WithParamInterface<int> {
  void fill() {
    const store::Cache cache(plan.cache_dir);
    auto record = submitted();
    record.state = RecordState::complete;
    record.size = 1;
    for (int i = 0; i < GetParam(); ++i) {
      const auto entry = cache.entry(key_of(i));
      record.key = key_of(i);
      ASSERT_TRUE(entry->try_lock().ok() && entry->save(record).ok());
      std::ofstream(entry->clip_path()) << 'x';
    }
  }

  template <typename Work>
  void measure(const std::string& name, Work work) {
    std::vector<test_support::Milliseconds> times;
    for (int i = 0; i < 21; ++i)
      times.push_back(test_support::time_of([&] { work(i); }));
    const double median = test_support::percentile(times, 0.5).count();
    std::printf("%6d entries  %-24s %8.2f ms\n", GetParam(), name.c_str(), median);
    test_support::record("\"bench\": \"cache\", \"name\": \"" + name + "\", \"entries\": " +
                         std::to_string(GetParam()) + ", \"ms\": " + std::to_string(median));
  }
};

TEST_P(CacheBench, costs) {
  fill();
  const store::Cache cache(plan.cache_dir);
  measure("submit and two polls", [&](int i) {
    plan.key = std::string(62, 'b') + std::to_string(10 + i);
    script->add(accepted());
    script->add(status_is("Running"));
    script->add(success({link}));
    auto& job = this->job();
    EXPECT_TRUE(submit(job).ok());
    EXPECT_TRUE(wait_for_result(job).ok());
  });
  measure("list", [&](int) { (void)cache.list(); });
  measure("prune --dry-run", [&](int) { (void)cache.evict({.max_bytes = 1, .is_trial = true}); });
  measure("eviction, all fits",
          [&](int) { (void)cache.evict({.max_bytes = std::uint64_t{1} << 40}); });
}

INSTANTIATE_TEST_SUITE_P(Entries, CacheBench, testing::Values(10, 10'000));

}  // namespace
}  // namespace modelverse::job::test
