// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "api/record_json.h"

namespace modelverse::api {
namespace {

Record with_external_id(const std::string& external_id) {
  Record record{.key = std::string(64, 'a'),
                .origin = "https://api.modelverse.cn",
                .external_id = external_id};
  record.model = "kling-v3";
  return record;
}

std::string with_text(std::string text, std::string_view from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

TEST(RecordExternalId, is_written_only_where_there_is_one) {
  EXPECT_EQ(encode_record(with_external_id("")).find("external"), std::string::npos)
      << "earlier versions read it";
  const auto text = encode_record(with_external_id("mine-1"));
  EXPECT_NE(text.find(R"("external_task_id" : "mine-1")"), std::string::npos) << text;
  const auto read = decode_record(text);
  ASSERT_TRUE(read.ok()) << read.error().debug;
  EXPECT_EQ(read->external_id, "mine-1");
  EXPECT_EQ(encode_record(*read), text);
}

TEST(RecordExternalId, is_refused_where_it_is_none) {
  const auto text = encode_record(with_external_id("mine-1"));
  const std::string too_long = '"' + std::string(513, 'a') + '"';
  for (const auto& other :
       {std::string("7"), std::string("null"), std::string(R"(["a"])"), std::string(R"("a\nb")"),
        too_long, std::string(R"("a", "external_task_id" : "b")")})
    EXPECT_FALSE(decode_record(with_text(text, R"("mine-1")", other)).ok()) << other;
}

TEST(RecordExternalId, is_salvaged) {
  const auto later =
      with_text(encode_record(with_external_id("mine-1")), R"("version" : 1)", R"("version" : 2)");
  const auto salvaged = salvage_record(later);
  ASSERT_TRUE(salvaged);
  EXPECT_EQ(salvaged->external_id, "mine-1");
  const auto broken = salvage_record(with_text(later, R"("mine-1")", R"("a\nb")"));
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->external_id, "");
}

}  // namespace
}  // namespace modelverse::api
