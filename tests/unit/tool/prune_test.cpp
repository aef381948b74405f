// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks prune: finished clips by size and by age.
#include "program.h"

namespace modelverse::tool {
namespace {

class Prune : public test::Program {
 protected:
  void SetUp() override {
    leave_clip('a', 1000, 3 * day);
    leave_clip('b', 1000, 2 * day);
    leave_clip('c', 1000, 0);
    leave('d', RecordState::submitted);
    leave('e', RecordState::submitting);
  }
  static constexpr int day = 24 * 3600;
};

bool ends_with(const test_support::ProcessEnd& end, const std::string& line) {
  return end.output.ends_with(line);
}

TEST_F(Prune, takes_what_was_not_used_for_longest_until_the_rest_fits) {
  const auto end = run({"prune", "--max-size=2K"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(ends_with(end, "\n1 clip removed, 0.0 MB.\n")) << end.output;
  EXPECT_NE(end.output.find("aaaaaaaaaaaa  complete"), std::string::npos) << end.output;
  EXPECT_TRUE(!has('a') && has('b') && has('c') && has('d') && has('e'));
}

TEST_F(Prune, takes_what_was_not_used_for_so_long) {
  EXPECT_EQ(run({"prune", "--older-than=60h"}).exit_code, 0);
  EXPECT_TRUE(!has('a') && has('b') && has('c'));
  EXPECT_TRUE(ends_with(run({"prune", "--older-than=60h"}), "0 clips removed.\n"));
}

TEST_F(Prune, takes_nothing_on_a_dry_run_and_says_the_same) {
  const auto dry = run({"prune", "--max-size=1K", "--dry-run"});
  EXPECT_TRUE(ends_with(dry, "\n2 clips would be removed, 0.0 MB.\n")) << dry.output;
  EXPECT_TRUE(has('a') && has('b') && has('c'));
  const auto wet = run({"prune", "--max-size=1K"});
  EXPECT_EQ(wet.output.substr(0, wet.output.rfind('\n', wet.output.size() - 2)),
            dry.output.substr(0, dry.output.rfind('\n', dry.output.size() - 2)));
}

}  // namespace
}  // namespace modelverse::tool
