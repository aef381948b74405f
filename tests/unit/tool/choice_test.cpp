// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/choice.h"

#include <gtest/gtest.h>

namespace modelverse::tool {
namespace {

store::EntrySummary entry(const std::string& key, const std::string& task_id) {
  store::EntrySummary summary;
  summary.record.key = key;
  summary.record.task_id = task_id;
  return summary;
}

const std::vector<store::EntrySummary> entries = {entry("abc1", "task-1"), entry("abc2", "task-2"),
                                                  entry("f00d", "abc1"), entry("9999", ""),
                                                  entry("8888", "task-2")};

TEST(Choosing, is_by_a_key_its_beginning_or_a_task) {
  EXPECT_EQ(choose(entries, "abc2")->record.key, "abc2");
  EXPECT_EQ(choose(entries, "f")->record.key, "f00d");
  EXPECT_EQ(choose(entries, "task-1")->record.key, "abc1");
}

TEST(Choosing, takes_no_beginning_of_a_tasks_id) {
  EXPECT_EQ(choose(entries, "task").error().code, ErrorCode::not_found);
}

TEST(Choosing, finds_nothing_by_nothing) {
  for (const char* name : {"", "x", "abc12"})
    EXPECT_EQ(choose(entries, name).error().code, ErrorCode::not_found) << name;
}

TEST(Choosing, names_those_between_which_it_cannot_choose) {
  const auto by_key = choose(entries, "abc");
  EXPECT_EQ(by_key.error().text, "abc matches several entries:\n  abc1\n  abc2");
  EXPECT_FALSE(choose(entries, "abc1")) << "the key of one, the task of another";
  EXPECT_FALSE(choose(entries, "task-2")) << "two entries of one task";
}

TEST(Choosing, does_not_name_hundreds) {
  std::vector<store::EntrySummary> many;
  for (int i = 100; i < 200; ++i)
    many.push_back(entry("a" + std::to_string(i), ""));
  EXPECT_NE(choose(many, "a").error().text.find("a109\n  and 90 more"), std::string::npos);
}

TEST(Choosing, shows_no_control_characters) {
  EXPECT_EQ(choose(entries, "a\x1b").error().text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace modelverse::tool
