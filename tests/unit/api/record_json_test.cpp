// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/record_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace modelverse::api {
namespace {

const std::string sha256_a(64, 'a');
const std::string sha256_b(64, 'b');

Record submitting() {
  Record record;
  record.key = sha256_a;
  record.origin = "https://api.modelverse.cn";
  record.model = "openai/sora-2/image-to-video-pro";
  return record;
}

Record complete() {
  Record record = submitting();
  record.state = RecordState::complete;
  record.prompt = "a \"cat\"\n猫";
  record.resolution = "1080p";
  record.duration = 8;
  record.take = 4'000'000'000u;
  record.task_id = "task-1";
  record.request_id = "request-1";
  record.submit_time = 1756959000;
  record.finish_time = 1756959050;
  record.usage_seconds = 8.5;
  record.size = std::uint64_t{5} << 32;
  record.sha256 = sha256_b;
  record.clip_time = 1'700'000'123'456'789'012;
  record.etag = "\"0123-4\"";
  record.last_modified = "Thu, 04 Sep 2025 04:10:50 GMT";
  return record;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

bool is_refused(const std::string& text) {
  const auto record = decode_record(text);
  return !record.ok() && record.error().code == ErrorCode::wrong_type &&
         !record.error().debug.empty() && !record.error().text.empty();
}

void expect_round_trip(const Record& record) {
  const auto text = encode_record(record);
  const auto read = decode_record(text);
  ASSERT_TRUE(read.ok()) << read.error().debug;
  EXPECT_EQ(encode_record(*read), text);
  EXPECT_EQ(read->state, record.state);
  EXPECT_EQ(read->key, record.key);
  EXPECT_EQ(read->prompt, record.prompt);
  EXPECT_EQ(read->duration, record.duration);
  EXPECT_EQ(read->take, record.take);
  EXPECT_EQ(read->task_id, record.task_id);
  EXPECT_EQ(read->submit_time, record.submit_time);
  EXPECT_EQ(read->finish_time, record.finish_time);
  EXPECT_EQ(read->usage_seconds, record.usage_seconds);
  EXPECT_EQ(read->size, record.size);
  EXPECT_EQ(read->sha256, record.sha256);
  EXPECT_EQ(read->clip_time, record.clip_time);
  EXPECT_EQ(read->etag, record.etag);
  EXPECT_EQ(read->last_modified, record.last_modified);
}

TEST(RecordJson, comes_back_as_it_went) {
  expect_round_trip(submitting());
  expect_round_trip(complete());
  Record submitted = submitting();
  submitted.state = RecordState::submitted;
  submitted.task_id = "../../etc\n猫";
  submitted.submit_time = std::numeric_limits<std::int64_t>::max();
  submitted.finish_time = std::numeric_limits<std::int64_t>::min();
  submitted.usage_seconds = 0.1;
  submitted.size = 17;
  expect_round_trip(submitted);
}

TEST(RecordJson, can_be_read_by_a_person) {
  EXPECT_EQ(encode_record(submitting()),
            "{\n"
            "  \"version\" : 1,\n"
            "  \"state\" : \"submitting\",\n"
            "  \"key\" : \"" +
                sha256_a +
                "\",\n"
                "  \"origin\" : \"https://api.modelverse.cn\",\n"
                "  \"model\" : \"openai/sora-2/image-to-video-pro\",\n"
                "  \"prompt\" : \"\",\n"
                "  \"resolution\" : \"\",\n"
                "  \"duration\" : 0,\n"
                "  \"take\" : 0,\n"
                "  \"url_index\" : 0,\n"
                "  \"task_id\" : \"\",\n"
                "  \"request_id\" : \"\",\n"
                "  \"submit_time\" : 0,\n"
                "  \"finish_time\" : 0,\n"
                "  \"usage_seconds\" : 0.0,\n"
                "  \"size\" : 0,\n"
                "  \"sha256\" : \"\",\n"
                "  \"clip_time\" : 0,\n"
                "  \"etag\" : \"\",\n"
                "  \"last_modified\" : \"\"\n"
                "}\n");
}

TEST(RecordJson, does_not_mind_how_it_is_laid_out) {
  EXPECT_TRUE(decode_record(replaced(encode_record(complete()), "\" : ", "\":\n\t")).ok());
}

TEST(RecordJson, keeps_a_task_id_though_another_text_is_broken) {
  Record record = complete();
  record.prompt = "caf\xe9";
  record.request_id = std::string("a\0b", 3);
  record.etag = "\"\xff\"";
  record.last_modified = "x\r\nEvil: 1";
  record.usage_seconds = std::numeric_limits<double>::infinity();
  const auto read = decode_record(encode_record(record));
  ASSERT_TRUE(read.ok()) << read.error().debug;
  EXPECT_EQ(read->task_id, "task-1");
  EXPECT_EQ(read->etag, "");
  EXPECT_EQ(read->last_modified, "");
  EXPECT_EQ(read->usage_seconds, 0);
}

TEST(RecordJson, survives_and_refuses_every_truncation) {
  const auto text = encode_record(complete());
  for (std::size_t length = 0; length + 1 < text.size(); ++length)
    EXPECT_TRUE(is_refused(text.substr(0, length))) << length;
}

TEST(RecordJson, is_refused_without_any_one_of_its_members) {
  const auto text = encode_record(complete());
  std::size_t members = 0;
  for (std::size_t line = text.find("  \""); line != std::string::npos;
       line = text.find("  \"", line + 1)) {
    const auto end = text.find('\n', line);
    auto without = text.substr(0, line) + text.substr(end + 1);
    if (const auto comma = without.find(",\n}"); comma != std::string::npos)
      without.erase(comma, 1);
    EXPECT_TRUE(is_refused(without)) << text.substr(line, end - line);
    ++members;
  }
  EXPECT_EQ(members, 20u);
}

TEST(RecordJson, is_refused_with_any_one_of_its_members_of_another_type) {
  const auto text = encode_record(complete());
  for (std::size_t line = text.find("  \""); line != std::string::npos;
       line = text.find("  \"", line + 1)) {
    const auto value = text.find(" : ", line) + 3;
    const auto end = text.find('\n', line);
    const bool has_comma = text[end - 1] == ',';
    const bool is_text = text[value] == '"';
    std::vector<std::string> others = {"null", "true", "[]", "{}", is_text ? "1" : "\"1\""};
    for (const auto& other : others)
      EXPECT_TRUE(
          is_refused(text.substr(0, value) + other + (has_comma ? "," : "") + text.substr(end)))
          << text.substr(line, end - line) << " -> " << other;
  }
}

TEST(RecordJson, is_refused_with_values_that_cannot_be) {
  const auto text = encode_record(complete());
  const std::pair<const char*, const char*> changes[] = {
      {"\"version\" : 1", "\"version\" : 2"},
      {"\"version\" : 1", "\"version\" : 0"},
      {"\"version\" : 1", "\"version\" : 1.0"},
      {"\"version\" : 1", "\"version\" : 18446744073709551617"},
      {"\"complete\"", "\"Complete\""},
      {"\"complete\"", "\"failed\""},
      {"\"complete\"", "\"\""},
      {"\"duration\" : 8", "\"duration\" : -8"},
      {"\"duration\" : 8", "\"duration\" : 8.5"},
      {"\"duration\" : 8", "\"duration\" : 4294967296"},
      {"\"take\" : 4000000000", "\"take\" : -1"},
      {"\"take\" : 4000000000", "\"take\" : 4294967296"},
      {"\"usage_seconds\" : 8.5", "\"usage_seconds\" : -8.5"},
      {"\"usage_seconds\" : 8.5", "\"usage_seconds\" : 1e999"},
      {"\"size\" : 21474836480", "\"size\" : -1"},
      {"\"size\" : 21474836480", "\"size\" : 18446744073709551617"},
      {"\"submit_time\" : 1756959000", "\"submit_time\" : 1756959000.5"},
      {"\"submit_time\" : 1756959000", "\"submit_time\" : 17569590001756959000"},
      {"GMT\"", "\\r\\nEvil: 1\""},
      {"\\\"0123-4\\\"", "\\n"},
      {"\"version\" : 1,", "\"version\" : 1, \"more\" : 1,"},
      {"\"version\" : 1,", "\"version\" : 1, \"version\" : 1,"},
      {"\"task-1\"", "\"task\\u0000\""},
  };
  for (const auto& [from, to] : changes)
    EXPECT_TRUE(is_refused(replaced(text, from, to))) << from << " -> " << to;
  EXPECT_TRUE(is_refused(text + "{}"));
  EXPECT_TRUE(is_refused("[" + text + "]"));
}

TEST(RecordJson, is_refused_with_digests_that_are_none) {
  EXPECT_TRUE(is_refused(replaced(encode_record(complete()), sha256_a, "")));
  for (const auto& digest : {sha256_a, sha256_b})
    for (const auto& other : {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
                              std::string(64, 'g'), "../" + std::string(61, 'a')})
      EXPECT_TRUE(is_refused(replaced(encode_record(complete()), digest, other))) << other;
}

TEST(RecordJson, may_be_complete_before_the_clip_is_hashed) {
  Record record = complete();
  record.sha256.clear();
  const auto read = decode_record(encode_record(record));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->state, RecordState::complete);
  EXPECT_EQ(read->sha256, "");
}

TEST(RecordJson, is_refused_where_values_contradict_the_state) {
  auto changed = [](auto&& change) {
    Record record = complete();
    change(record);
    return encode_record(record);
  };
  EXPECT_TRUE(is_refused(changed([](Record& r) { r.size = 0; })));
  EXPECT_TRUE(is_refused(changed([](Record& r) { r.task_id.clear(); })));
  EXPECT_TRUE(is_refused(changed([](Record& r) { r.state = RecordState::submitted; })));
  Record submitted = submitting();
  submitted.state = RecordState::submitted;
  EXPECT_TRUE(is_refused(encode_record(submitted)));
  Record with_id = submitting();
  with_id.task_id = "task-1";
  EXPECT_TRUE(is_refused(encode_record(with_id)));
}

TEST(SalvagedRecord, of_a_later_version_is_the_task_and_its_clip) {
  auto text =
      replaced(encode_record(complete()), "\"version\" : 1", "\"version\" : 2, \"new\" : [1]");
  const auto record = salvage_record(text);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, RecordState::complete);
  EXPECT_EQ(record->key, sha256_a);
  EXPECT_EQ(record->task_id, "task-1");
  EXPECT_EQ(record->prompt, complete().prompt);
  EXPECT_EQ(record->size, complete().size);
  EXPECT_EQ(record->sha256, sha256_b);
  EXPECT_EQ(record->clip_time, 0) << "the clip is to be hashed";
  expect_round_trip(*record);
}

TEST(SalvagedRecord, is_a_task_without_its_bytes_where_they_are_not_described) {
  const auto text = encode_record(complete());
  for (const auto& [from, to] : {std::pair{std::string("\"complete\""), "\"retired\""},
                                 {"\"complete\"", "17"},
                                 {sha256_b, "beef"},
                                 {"21474836480", "0"},
                                 {"21474836480", "-1"},
                                 {"21474836480", "99999999999999999999"},
                                 {"\"state\" : \"complete\"", "\"state\" : \"submitting\""}}) {
    const auto record = salvage_record(replaced(text, from, to));
    ASSERT_TRUE(record) << to;
    EXPECT_EQ(record->state, RecordState::submitted) << to;
    EXPECT_EQ(record->task_id, "task-1") << to;
    EXPECT_EQ(record->size, 0u) << to;
    EXPECT_EQ(record->etag, "") << to;
    expect_round_trip(*record);
  }
}

TEST(SalvagedRecord, without_an_id_is_a_submit_of_which_nobody_knows) {
  const auto text = replaced(encode_record(complete()), "\"task-1\"", "\"\"");
  const std::string too_long(513, 'x');
  for (const auto& broken :
       {text, replaced(text, "\"complete\"", "\"submitting\""),
        replaced(text, "\"task_id\" : \"\"", "\"task_id\" : [7]"),
        replaced(text, "\"task_id\" : \"\"", "\"task_id\" : \"" + too_long + "\"")}) {
    const auto record = salvage_record(broken);
    ASSERT_TRUE(record) << broken;
    EXPECT_EQ(record->state, RecordState::submitting);
    EXPECT_EQ(record->task_id, "");
    expect_round_trip(*record);
  }
}

TEST(SalvagedRecord, is_none_where_no_task_is_told_of) {
  const auto text = encode_record(complete());
  for (const auto& broken :
       {std::string(), std::string("{}"), std::string("[1]"), std::string(R"({"version": 2})"),
        text.substr(0, text.size() / 2), replaced(text, sha256_a, "a"),
        replaced(replaced(text, "\"task-1\"", "\"\""), "\"complete\"", "\"retired\"")})
    EXPECT_FALSE(salvage_record(broken)) << broken;
}

Record with_every_member() {
  Record record = submitting();
  record.external_id = "mine-1";
  record.proven_time = 1756959099;
  record.account = sha256_b;
  record.cost = Money{8'560'000, "CNY"};
  record.ledger = "2026-11/001796033505-0123456789abcdef";
  return record;
}

TEST(OptionalMembers, are_written_only_where_they_are_known) {
  const auto read = decode_record(encode_record(with_every_member()));
  ASSERT_TRUE(read.ok()) << read.error().debug;
  EXPECT_EQ(encode_record(*read), encode_record(with_every_member()));
  EXPECT_EQ(read->external_id, "mine-1");
  EXPECT_EQ(read->proven_time, 1756959099);
  EXPECT_EQ(read->account, sha256_b);
  EXPECT_EQ(read->cost, with_every_member().cost);
  EXPECT_EQ(read->ledger, with_every_member().ledger);
}

TEST(OptionalMembers, are_refused_where_they_are_none_and_salvaged_without) {
  const auto text = encode_record(with_every_member());
  const std::string too_long = '"' + std::string(513, 'a') + '"';
  for (const auto& [from, to] : {std::pair(std::string(R"("mine-1")"), std::string("7")),
                                 {R"("mine-1")", "null"},
                                 {R"("mine-1")", R"(["a"])"},
                                 {R"("mine-1")", R"("a\nb")"},
                                 {R"("mine-1")", too_long},
                                 {R"("mine-1")", R"("a", "external_task_id" : "b")"},
                                 {'"' + sha256_b + '"', R"("beef")"},
                                 {"1756959099", "-1"},
                                 {R"("CNY")", R"("yuan")"}})
    EXPECT_TRUE(is_refused(replaced(text, from, to))) << to;
  const auto later = replaced(text, "\"version\" : 1", "\"version\" : 2");
  EXPECT_EQ(salvage_record(later)->external_id, "mine-1");
  EXPECT_EQ(salvage_record(replaced(later, "mine-1", R"(a\nb)"))->external_id, "");
  EXPECT_EQ(salvage_record(replaced(later, sha256_b, "beef"))->account, "");
  EXPECT_FALSE(salvage_record(replaced(later, "CNY", "yuan"))->cost);
}

}  // namespace
}  // namespace modelverse::api
