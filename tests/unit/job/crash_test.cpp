// SPDX-License-Identifier: LGPL-2.1-or-later
// kill -9 before each single call that changes the disk: nothing is paid for twice, nothing is
// lost, and where the kill hit the submit itself, that is said.
#include "disk_bench.h"

namespace modelverse::job::test {
namespace {

// After a refresh that died before its submit the clip of before is served.
const Scenario begun{.name = "fresh", .prepare = nothing_left, .least_posts = 1, .most_posts = 1};
const Scenario refreshed_in_vain{.name = "refreshed_in_vain",
                                 .prepare = clip_left,
                                 .mode = CacheMode::refresh,
                                 .fails = true,
                                 .most_posts = 1};

struct Crash : DiskBench {
  // The clip of the last submit, else the one of before.
  std::string paid_clip() const {
    const bool is_second = GetParam().mode == CacheMode::refresh && posts() > 0;
    return clip(is_second && !GetParam().fails ? 2 : GetParam().url_index);
  }
  // What was accepted can be adopted, and nothing else happens by itself.
  void resolve_unknown() {
    const auto before = posts();
    const auto again = live_well();
    EXPECT_TRUE(is_unknown(again)) << "it stays unknown";
    EXPECT_EQ(again.served, GetParam().mode == CacheMode::refresh ? clip(0) : "");
    settings().task_id = GetParam().mode == CacheMode::refresh ? "task-2" : "task-1";
    const auto end = live_well();
    settings().task_id.clear();
    EXPECT_EQ(posts(), before);
    EXPECT_EQ(GetParam().fails ? live_well().served : end.served, clip(adopted()));
  }
  unsigned adopted() const {
    return GetParam().mode == CacheMode::refresh && !GetParam().fails ? 2 : 0;
  }
  void check_the_life_after() {
    auto end = live_well();
    EXPECT_LE(posts(), GetParam().most_posts);
    if (is_unknown(end))
      return resolve_unknown();
    if (GetParam().fails && end.error)
      end = live_well();  // the task failed, as is known from now on
    ASSERT_FALSE(end.error) << end.error->text << " / " << end.error->debug;
    EXPECT_TRUE(end.served == paid_clip());
    EXPECT_GE(posts(), GetParam().least_posts);
    if (GetParam().mode == CacheMode::refresh && posts() == 0) {
      EXPECT_TRUE(end.was_cache_hit) << "the clip of before was there all the time";
    }
    EXPECT_TRUE(live_well().was_cache_hit);
  }
};

TEST_P(Crash, at_each_call_loses_nothing_and_pays_nothing_twice) {
  const auto calls = count_calls(directory.path());
  EXPECT_GT(calls, 5u);
  for (std::size_t number = 0; number < calls && !HasFailure(); ++number) {
    begin_anew();
    SCOPED_TRACE("killed before call " + std::to_string(number));
    ASSERT_TRUE(live_and_die_at(number));
    check_the_life_after();
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Crash,
                         testing::Values(begun, refreshed, refreshed_in_vain, repaired,
                                         other_index),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace modelverse::job::test
