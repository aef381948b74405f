// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/task_list.h"

#include <glib.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace modelverse::tool {
namespace {

std::string key_of(char digit) {
  return std::string(64, digit);
}

store::EntrySummary entry(char digit, RecordState state) {
  store::EntrySummary summary;
  summary.record.key = key_of(digit);
  summary.record.state = state;
  summary.record.model = "acme/x";
  summary.record.task_id = state == RecordState::submitting ? "" : "task-7";
  summary.record.prompt = "the boat sails away";
  summary.last_used = 1'700'000'000;
  return summary;
}

constexpr std::int64_t now = 1'700'000'000 + 3 * 24 * 3600;

std::string as_text(const Entries& entries) {
  return tasks_as_text(entries, now);
}

TEST(TaskList, shows_an_entry_in_a_line_below_its_heading) {
  auto one = entry('a', RecordState::complete);
  one.clip_bytes = 4'260'000;
  one.record.cost = Money{8'560'000, "CNY"};
  EXPECT_EQ(as_text({one}),
            "KEY           STATUS    SIZE    AGE  COST      MODEL   TASK    PROMPT\n"
            "aaaaaaaaaaaa  complete  4.3 MB  3d   8.56 CNY  acme/x  task-7  the boat sails away\n");
}

TEST(TaskList, says_where_each_entry_stands) {
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

TEST(TaskList, begins_with_what_was_used_last) {
  auto old = entry('a', RecordState::complete);
  auto fresh = entry('b', RecordState::submitted);
  fresh.last_used += 60;
  const auto text = as_text(in_order({old, fresh}));
  EXPECT_LT(text.find("bbbbbbbbbbbb"), text.find("aaaaaaaaaaaa"));
}

TEST(TaskList, shows_a_dash_where_there_is_nothing) {
  const auto text = as_text({entry('a', RecordState::submitting)});
  EXPECT_NE(text.find("unknown  -     3d   unknown"), std::string::npos) << text;
  EXPECT_NE(text.find("acme/x  -     the boat"), std::string::npos) << text;
}

TEST(TaskList, shortens_a_prompt_between_letters) {
  auto one = entry('a', RecordState::complete);
  one.record.prompt.clear();
  for (int i = 0; i < 100; ++i)
    one.record.prompt += "猫";
  const auto text = as_text({one});
  EXPECT_NE(text.find("猫…\n"), std::string::npos) << text;
  EXPECT_TRUE(g_utf8_validate(text.c_str(), -1, nullptr));
}

TEST(TaskList, fits_a_terminal_with_the_key_and_the_start_of_the_prompt) {
  auto one = entry('a', RecordState::submitted);
  one.record.model = "openai/sora-2/image-to-video-pro";
  one.record.task_id = std::string(32, 't');
  one.record.cost = Money{8'560'000, "CNY"};
  one.record.prompt = "the boat sails away into the sunset";
  EXPECT_EQ(tasks_as_text({one}, now, 80),
            "KEY           STATUS      SIZE  AGE  COST      PROMPT\n"
            "aaaaaaaaaaaa  unfinished  -     3d   8.56 CNY  the boat sails away into the sun…\n");
}

TEST(TaskList, lets_no_foreign_text_reach_the_terminal_as_it_is) {
  auto one = entry('a', RecordState::complete);
  one.record.prompt = "a\x1b[2Jb\nc\td";
  one.record.task_id = "id\nx";
  one.record.model = "m\x07";
  for (const auto& text : {as_text({one}), tasks_as_tsv({one})}) {
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
  }
}

TEST(TaskList, gives_programs_whole_fields_with_tabs_between_them) {
  auto one = entry('c', RecordState::submitted);
  one.clip_bytes = 1234;
  one.record.prompt = std::string(1000, 'p');
  const std::string fields =
      std::string(64, 'c') + "\tunfinished\t1234\t1700000000\tacme/x\ttask-7\t" + one.record.prompt;
  const std::string heading =
      "key\tstatus\tbytes\tlast-used\tmodel\ttask-id\tprompt\tcost\tcurrency\tclaim\n";
  EXPECT_EQ(tasks_as_tsv({one}), heading + fields + "\t\t\t\n");
  one.record.cost = Money{2'500'000, "CNY"};
  EXPECT_EQ(tasks_as_tsv({one}), heading + fields + "\t2.50\tCNY\t\n");
}

TEST(TaskList, names_the_owner_of_a_claim_and_its_age) {
  auto one = entry('a', RecordState::submitting);
  one.claim = store::ClaimState{.owner = {.id = "an-id", .host = "render-07", .pid = 4711},
                                .age = std::chrono::seconds(12)};
  one.is_locked = true;
  EXPECT_NE(as_text({one}).find("aaaaaaaaaaaa is claimed by render-07, pid 4711, 12s ago.\n"),
            std::string::npos)
      << as_text({one});
  EXPECT_NE(tasks_as_tsv({one}).find("\trender-07, pid 4711, 12s ago\n"), std::string::npos);
  const auto json = tasks_as_json({one}, "/c", now);
  for (const char* word : {"\"an-id\"", "\"render-07\"", "\"pid\" : 4711", "\"is-alive\" : true"})
    EXPECT_NE(json.find(word), std::string::npos) << json;
  one.is_locked = false;
  one.kind = store::EntrySummary::Kind::claimed;
  one.claim->is_dead = true;
  EXPECT_NE(as_text({one}).find("12s ago, ended."), std::string::npos);
  EXPECT_STREQ(status_word(one), "abandoned");
}

TEST(TaskList, ends_with_those_that_cannot_be_read) {
  const auto broken = [](char digit) {
    return store::EntrySummary{.kind = store::EntrySummary::Kind::broken,
                               .record = {.key = key_of(digit)}};
  };
  const auto entries = in_order({broken('c'), entry('a', RecordState::complete), broken('b')});
  const auto text = tasks_as_text(entries, now);
  EXPECT_LT(text.find("aaaaaaaaaaaa"), text.find("bbbbbbbbbbbb  broken    -"));
  EXPECT_LT(text.find("bbbbbbbbbbbb"), text.find("cccccccccccc"));
  EXPECT_NE(tasks_as_tsv(entries).find(key_of('b') + "\tbroken\t\t\t\t\t\t\t\t\n"),
            std::string::npos);
  EXPECT_NE(tasks_as_json(entries, "/c", now).find(R"("status" : "broken")"), std::string::npos);
}

TEST(TaskList, says_all_that_is_known_in_json_by_the_names_of_stats) {
  auto one = entry('a', RecordState::complete);
  one.record.size = one.clip_bytes = 1234;
  one.record.usage_seconds = 4;
  one.record.prompt = "a\x1b[2J";
  const auto text = tasks_as_json({one}, "/cache", now);
  for (const std::string& member :
       {R"("key" : ")" + key_of('a') + '"', std::string(R"("status" : "complete")"),
        std::string(R"("task-id" : "task-7")"), std::string(R"("request-id" : "")"),
        std::string(R"("model" : "acme/x")"), std::string(R"("prompt" : "a\u001b[2J")"),
        std::string(R"("submit-time" : 0)"), std::string(R"("finish-time" : 0)"),
        std::string(R"("usage-seconds" : 4.0)"), std::string(R"("bytes" : 1234)"),
        std::string(R"("size" : 1234)"), std::string(R"("last-used" : 1700000000)"),
        std::string(R"("age" : 259200)"), R"("path" : "/cache/)" + key_of('a') + R"(/clip.mp4")"})
    EXPECT_NE(text.find(member), std::string::npos) << member << " in:\n" << text;
  one.record.state = RecordState::submitted;
  EXPECT_NE(tasks_as_json({one}, "/cache", now).find(R"("path" : null)"), std::string::npos);
}

TEST(TaskList, gives_nobody_an_age_before_his_birth) {
  auto one = entry('a', RecordState::complete);
  one.last_used = now + 3600;
  EXPECT_NE(as_text({one}).find("  0s  "), std::string::npos) << as_text({one});
  EXPECT_NE(tasks_as_json({one}, "/c", now).find(R"("age" : 0)"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::tool
