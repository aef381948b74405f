// SPDX-License-Identifier: LGPL-2.1-or-later
// A disk that fails at each single call: the clip is streamed where it was paid for, it is said
// what was not kept, and nothing false is ever served.
#include <cerrno>

#include "disk_bench.h"
#include "store/ledger.h"

namespace modelverse::job::test {
namespace {

const Scenario fresh{.name = "fresh", .prepare = nothing_left, .most_posts = 1};
const Scenario cached{.name = "cached", .prepare = clip_left};

struct Disk : DiskBench {
  // The clip that the last submit paid for, or the one that needs none.
  std::string wanted() const {
    return clip(GetParam().mode == CacheMode::refresh ? 2 : GetParam().url_index);
  }
  bool told_the_id(const End& end) const {
    for (const auto& warning : end.warnings) {
      if (!warning.details.resume.empty() && warning.text.find("task-id=") != std::string::npos)
        return true;
    }
    return false;
  }
  // In all lives.
  std::size_t charged() const {
    const auto account = store::Ledger(plan.cache_dir).read();
    return account ? account->submits.size() : 0;
  }
  void check_life(const End& end) const {
    EXPECT_LE(posts(), GetParam().most_posts);
    EXPECT_GE(charged(), bought_before() + posts());
    if (posts() < GetParam().most_posts) {
      ASSERT_TRUE(end.error) << "neither submitted nor refused";
      EXPECT_EQ(end.error->code, ErrorCode::open_write);
      return;
    }
    ASSERT_FALSE(end.error) << end.error->text << " / " << end.error->debug;
    EXPECT_TRUE(end.served == wanted());
  }
  // With the disk well again.
  void check_the_life_after(const End& before) {
    auto paid = posts();
    auto end = live_well();
    // Refused, and the disk did not even take that back: then a look is asked for, no money.
    if (is_unknown(end) && before.error) {
      settings().resubmit = true;
      end = live_well();
      settings().resubmit = false;
      EXPECT_EQ(posts(), paid = 1);
    } else if (is_unknown(end)) {
      EXPECT_TRUE(told_the_id(before));
      EXPECT_EQ(posts(), paid);
      settings().task_id = GetParam().mode == CacheMode::refresh ? "task-2" : "task-1";
      end = live_well();
      settings().task_id.clear();
    }
    ASSERT_FALSE(end.error) << end.error->text << " / " << end.error->debug;
    if (GetParam().mode == CacheMode::refresh && posts() == 0) {
      EXPECT_TRUE(end.was_cache_hit) << "the clip of before was there all the time";
      EXPECT_TRUE(end.served == clip(0));
    } else {
      EXPECT_TRUE(end.served == wanted());
    }
    EXPECT_EQ(posts(), GetParam().mode == CacheMode::refresh ? paid : GetParam().most_posts);
    const auto last = live_well();
    EXPECT_TRUE(last.was_cache_hit);
    EXPECT_TRUE(last.served == end.served);
  }
  // What is below `path` fails at each call in turn. The lives that were refused.
  int fail_everywhere(const std::string& path, int error_number, bool and_all_after,
                      bool loses_response = false) {
    int refused = 0;
    const auto calls = count_calls(path);
    for (std::size_t number = 0; number < calls && !HasFailure(); ++number) {
      begin_anew();
      test_support::DiskFaults faults(path);
      if (loses_response)
        faults.lose_response_at(number, error_number);
      else
        faults.fail_at(number, error_number, and_all_after);
      const auto end = live();
      faults.heal();
      const auto called = test_support::DiskFaults::calls();
      SCOPED_TRACE(called.size() > number ? called[number] : std::string("not reached"));
      SCOPED_TRACE(number);
      check_life(end);
      refused += end.error.has_value();
      if (and_all_after && number < calls / 2) {
        EXPECT_TRUE(end.error || !end.warnings.empty() || end.was_cache_hit) << "nothing was said";
      }
      check_the_life_after(end);
    }
    return refused;
  }
};

TEST_P(Disk, that_is_full_at_one_call_costs_no_clip_and_no_money) {
  fail_everywhere("/", ENOSPC, false);
}

TEST_P(Disk, that_is_full_from_one_call_on_costs_no_clip_and_no_money) {
  fail_everywhere("/", ENOSPC, true);
}

TEST_P(Disk, that_fails_at_one_call_costs_no_clip_and_no_money) {
  fail_everywhere("/", EIO, false);
}

TEST_P(Disk, whose_response_is_lost_costs_no_clip_and_no_money) {
  fail_everywhere("/", EIO, false, true);
}

TEST_P(Disk, that_becomes_read_only_costs_no_clip_and_no_money) {
  fail_everywhere("/", EROFS, true);
}

INSTANTIATE_TEST_SUITE_P(Each, Disk,
                         testing::Values(fresh, refreshed, repaired, other_index, cached),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace modelverse::job::test
