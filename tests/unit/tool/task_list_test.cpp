// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/task_list.h"

#include <glib.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace modelverse::tool {
namespace {

store::EntrySummary entry(char digit, RecordState state) {
  store::EntrySummary summary;
  summary.record.key = std::string(64, digit);
  summary.record.state = state;
  summary.record.model = "acme/x";
  summary.record.task_id = state == RecordState::submitting ? "" : "task-7";
  summary.record.prompt = "the boat sails away";
  summary.last_used = 1'700'000'000;
  return summary;
}

struct UtcClock : testing::Test {
  void SetUp() override { g_setenv("TZ", "UTC", TRUE); }
};

using TaskList = UtcClock;

TEST_F(TaskList, shows_an_entry_in_a_line_below_its_heading) {
  auto one = entry('a', RecordState::complete);
  one.clip_bytes = 4'260'000;
  EXPECT_EQ(
      tasks_as_text({one}),
      "KEY           STATUS    SIZE    LAST USED         MODEL   TASK    PROMPT\n"
      "aaaaaaaaaaaa  complete  4.3 MB  2023-11-14 22:13  acme/x  task-7  the boat sails away\n");
}

TEST_F(TaskList, says_where_each_entry_stands) {
  auto locked = [](RecordState state) {
    auto one = entry('a', state);
    one.is_locked = true;
    return one;
  };
  EXPECT_STREQ(status_word(entry('a', RecordState::submitting)), "unknown");
  EXPECT_STREQ(status_word(entry('a', RecordState::submitted)), "unfinished");
  EXPECT_STREQ(status_word(entry('a', RecordState::complete)), "complete");
  EXPECT_STREQ(status_word(locked(RecordState::submitting)), "submitting");
  EXPECT_STREQ(status_word(locked(RecordState::submitted)), "running");
  EXPECT_STREQ(status_word(locked(RecordState::complete)), "complete");
}

TEST_F(TaskList, begins_with_what_was_used_last) {
  auto old = entry('a', RecordState::complete);
  auto fresh = entry('b', RecordState::submitted);
  fresh.last_used += 60;
  const auto text = tasks_as_text({old, fresh});
  EXPECT_LT(text.find("bbbbbbbbbbbb"), text.find("aaaaaaaaaaaa"));
}

TEST_F(TaskList, shows_a_dash_where_there_is_nothing) {
  const auto text = tasks_as_text({entry('a', RecordState::submitting)});
  EXPECT_NE(text.find("unknown  -     2023"), std::string::npos) << text;
  EXPECT_NE(text.find("acme/x  -     the boat"), std::string::npos) << text;
}

TEST_F(TaskList, shortens_a_prompt_between_letters_and_counts_columns_in_letters) {
  auto one = entry('a', RecordState::complete);
  one.record.prompt.clear();
  for (int i = 0; i < 100; ++i)
    one.record.prompt += "猫";
  one.record.model = "模型";
  auto other = entry('b', RecordState::complete);
  const auto text = tasks_as_text({one, other});
  EXPECT_NE(text.find("猫…\n"), std::string::npos) << text;
  EXPECT_NE(text.find("模型      task-7"), std::string::npos) << text;
  EXPECT_TRUE(g_utf8_validate(text.c_str(), -1, nullptr));
}

TEST_F(TaskList, lets_no_foreign_text_reach_the_terminal_as_it_is) {
  auto one = entry('a', RecordState::complete);
  one.record.prompt = "a\x1b[2Jb\nc\td";
  one.record.task_id = "id\nx";
  one.record.model = "m\x07";
  for (const auto& text : {tasks_as_text({one}), tasks_as_tsv({one})}) {
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
  }
}

TEST_F(TaskList, gives_programs_whole_fields_with_tabs_between_them) {
  auto one = entry('c', RecordState::submitted);
  one.clip_bytes = 1234;
  one.record.prompt = std::string(1000, 'p');
  EXPECT_EQ(tasks_as_tsv({one}),
            "key\tstatus\tbytes\tlast-used\tmodel\ttask-id\tprompt\n" + std::string(64, 'c') +
                "\tunfinished\t1234\t1700000000\tacme/x\ttask-7\t" + std::string(1000, 'p') + "\n");
}

}  // namespace
}  // namespace modelverse::tool
