// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json_scan.h"

#include <gtest/gtest.h>

#include <string>

#include "api/json.h"

namespace modelverse::api {
namespace {

constexpr ScanLimits scan_limits{.max_bytes = 1 << 20, .max_depth = 64};

bool passes(std::string_view text) {
  return scan_json(text, scan_limits).problem == nullptr;
}

std::string nested(int depth, char open, char close) {
  return "{\"a\":" + std::string(static_cast<std::size_t>(depth), open) +
         std::string(static_cast<std::size_t>(depth), close) + "}";
}

TEST(JsonScan, lets_plain_json_pass) {
  EXPECT_TRUE(passes("{}"));
  EXPECT_TRUE(passes(" {\"a\": [1, -2.5e+3, true, false, null, \"x\"]}\r\n\t"));
  EXPECT_TRUE(passes(R"({"a": "\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00 [{"})"));
}

TEST(JsonScan, counts_depth_outside_strings_only) {
  EXPECT_TRUE(passes(nested(63, '[', ']')));
  EXPECT_FALSE(passes(nested(64, '[', ']')));
  EXPECT_TRUE(passes("{\"a\":\"" + std::string(1000, '[') + "\"}"));
  EXPECT_TRUE(passes("{\"a\":\"\\\"" + std::string(1000, '[') + "\"}"));
  EXPECT_FALSE(passes("{\"a\":\"\\\\\"," + std::string(1000, '[')));
}

TEST(JsonScan, survives_a_depth_of_a_hundred_thousand) {
  EXPECT_FALSE(passes(nested(100'000, '[', ']')));
  EXPECT_FALSE(passes(std::string(100'000, '{')));
}

TEST(JsonScan, refuses_what_would_hide_nesting_from_it) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(passes("{\"a\":[\"\\ud83d\",\"," + deep + "\"]}"));  // json-glib eats the quote
  EXPECT_FALSE(passes("{\"a\":/*\"*/" + deep + "/*\"*/}"));
  EXPECT_FALSE(passes("{\"a\":['\"'," + deep + ",'\"']}"));
  EXPECT_FALSE(passes("{}" + deep));
}

TEST(JsonScan, refuses_what_json_does_not_have) {
  for (const char* text : {"",
                           "  ",
                           "[]",
                           "5",
                           "null",
                           "\"x\"",
                           "{}{}",
                           "{} x",
                           "var x = {};",
                           "{'a':1}",
                           "{\"a\":0x10}",
                           "{\"a\":010}",
                           "{\"a\":-01}",
                           "# c\n{}",
                           "<html>",
                           "{\"a\":\"\\q\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\udc00\"}",
                           "{\"a\":\"\\ud83dx\"}",
                           "{\"a\":\"\\ud83d\\ud83d\"}",
                           "{\"a",
                           "{\"a\\",
                           "{\"a\\u",
                           "{",
                           "}"})
    EXPECT_FALSE(passes(text)) << text;
}

TEST(JsonScan, refuses_nul_and_bad_utf8) {
  EXPECT_FALSE(passes(std::string_view("{\"a\":\"x\0y\"}", 11)));
  EXPECT_FALSE(passes(R"({"a":"x\u0000y"})"));
  EXPECT_FALSE(passes("{\"a\":\"\xff\"}"));
  EXPECT_FALSE(passes("{\"a\":\"\xed\xa0\xbd\"}"));
  EXPECT_FALSE(passes("{\"a\":\"\xc3"));
}

TEST(JsonScan, refuses_what_is_too_large_or_has_too_many_values) {
  EXPECT_FALSE(passes("{\"a\":\"" + std::string(2 << 20, 'x') + "\"}"));
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 50'000; ++i)
    many += ",0";
  EXPECT_FALSE(passes(many + "]}"));
}

TEST(JsonScan, counts_the_members_of_the_root) {
  EXPECT_EQ(scan_json("{}", scan_limits).root_members, 0u);
  EXPECT_EQ(scan_json(R"({"a":{"x":1,"y":2},"b":[1,2],"b":":"})", scan_limits).root_members, 3u);
}

TEST(JsonScan, finds_integers_of_more_than_64_bits) {
  EXPECT_FALSE(scan_json(R"({"a":9223372036854775807})", scan_limits).has_wide_integer);
  EXPECT_FALSE(scan_json(R"({"a":-9223372036854775808})", scan_limits).has_wide_integer);
  EXPECT_FALSE(scan_json(R"({"a":1e300})", scan_limits).has_wide_integer);
  EXPECT_TRUE(scan_json(R"({"a":9223372036854775808})", scan_limits).has_wide_integer);
  EXPECT_TRUE(scan_json(R"({"a":-18446744073709551617})", scan_limits).has_wide_integer);
}

TEST(ReadJson, leaves_the_rest_of_the_grammar_to_json_glib) {
  for (const char* text : {"{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":tru}", "{\"a\":-}",
                           "{\"a\":[}", "{\"a\":[1}]", "{1:2}", "{\"a\":[,]}"}) {
    const auto document = read_json(text, scan_limits);
    EXPECT_EQ(document.root, nullptr) << text;
    EXPECT_FALSE(document.problem.empty()) << text;
  }
}

TEST(ReadJson, skips_a_byte_order_mark) {
  EXPECT_NE(read_json("\xef\xbb\xbf{}", scan_limits).root, nullptr);
}

}  // namespace
}  // namespace modelverse::api
