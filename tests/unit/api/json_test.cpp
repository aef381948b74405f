// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json.h"

#include <gtest/gtest.h>

#include <string>

#include "api/json_text.h"

namespace modelverse::api {
namespace {

constexpr JsonLimits test_limits{.max_bytes = 1 << 20, .max_depth = 64};

bool passes(std::string_view text) {
  const auto document = read_json(text, test_limits);
  EXPECT_TRUE(!document.problem || document.root.empty());
  return document.problem == nullptr;
}

std::string nested(int depth, char open, char close) {
  return "{\"a\":" + std::string(static_cast<std::size_t>(depth), open) +
         std::string(static_cast<std::size_t>(depth), close) + "}";
}

TEST(Json, is_read_as_it_was_written) {
  for (const char* text : {"{}", R"({"b":[1,-25,true,false,null,"x"],"a":{"c":[],"d":{}}})",
                           R"({"a":"\" \\ \b \f \n \r \t é 😀 [{","d":-2500.0,"e":0.5})"})
    EXPECT_EQ(write_json(read_json(text, test_limits).root), text);
  const auto spaced =
      read_json("\xef\xbb\xbf {\"a\" :\r\n[ 1\t, 0.0 ] , \"b\":-2.5E+3 }\n", test_limits);
  EXPECT_EQ(write_json(spaced.root), R"({"a":[1,0.0],"b":-2500.0})");
  const auto escaped = read_json("{\"a\":\"\\/ \\u00e9 \\ud83d\\ude00 \\u001F\n\"}", test_limits);
  EXPECT_EQ(find_string(&escaped.root, "a"), "/ é 😀 \x1f\n") << "with a raw line feed";
}

TEST(Json, counts_depth_outside_strings_only) {
  EXPECT_TRUE(passes(nested(63, '[', ']')));
  EXPECT_FALSE(passes(nested(64, '[', ']')));
  EXPECT_FALSE(passes(nested(100'000, '[', ']')));
  EXPECT_FALSE(passes(std::string(100'000, '{')));
  EXPECT_TRUE(passes("{\"a\":\"" + std::string(1000, '[') + "\"}"));
  EXPECT_TRUE(passes("{\"a\":\"\\\"" + std::string(1000, '[') + "\"}"));
}

// clang-format off
const char* const not_json[] = {
    "", "  ", "[]", "5", "null", "\"x\"", "{}{}", "{} x", "var x = {}", "{'a':1}", "# c\n{}",
    "<html>", "{", "}", "{]", "{\"a", "{\"a\\", "{\"a\\u", "{\"a\":", "{\"a\":1,}", "{\"a\" 1}",
    "{a:1}", "{1:2}", "{\"a\":1 2}", "{\"a\":[}", "{\"a\":[1}]", "{\"a\":[,]}", "{\"a\":[1,]}",
    "{,}", "{\"a\":/**/1}", "{\"a\":tru}", "{\"a\":nulL}", "{\"a\":-}", "{\"a\":+1}",
    "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1.e5}", "{\"a\":0x10}", "{\"a\":010}", "{\"a\":-01}",
    "{\"a\":1-2}", "{\"a\":1e}", "{\"a\":Infinity}", "{\"a\":\"\\q\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}",
    "{\"a\":\"\\u-123\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud83dx\"}",
    "{\"a\":\"\\ud83d\\ud83d\"}", "{\"a\":\"\\ud83d\\n\"}", "{\"a\":\"x\\u0000y\"}",
    "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\xbd\"}", "{\"a\":\"\xc3",
};
// clang-format on

TEST(Json, is_nothing_else) {
  for (const char* text : not_json)
    EXPECT_FALSE(passes(text)) << text;
  EXPECT_FALSE(passes(std::string_view("{\"a\":\"x\0y\"}", 11)));
}

TEST(Json, is_bounded) {
  EXPECT_FALSE(passes("{\"a\":\"" + std::string(2 << 20, 'x') + "\"}"));
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 50'000; ++i)
    many += ",0";
  EXPECT_FALSE(passes(many + "]}"));
}

TEST(Json, knows_the_line_of_each_member_and_of_a_problem) {
  const auto document =
      read_json("{\"a\":\n{\"b\": 1,\n\"c\":\n[{\"d\": 2}]}, \"e\": 3}", test_limits);
  const auto line_of = [&](const Object& object, std::size_t i) {
    return document.lines.at(&object[i]);
  };
  EXPECT_EQ(line_of(document.root, 0), 1u);
  EXPECT_EQ(line_of(document.root, 1), 4u);
  const auto& inner = std::get<Object>(document.root[0].value.data);
  EXPECT_EQ(line_of(inner, 0), 2u);
  EXPECT_EQ(line_of(inner, 1), 3u);
  const auto& list = std::get<Array>(inner[1].value.data);
  EXPECT_EQ(line_of(std::get<Object>(list[0].data), 0), 4u);
  const auto broken = read_json("{\n\"a\":\n \"x\" 5}", test_limits);
  EXPECT_EQ(broken.line, 3u);
  EXPECT_EQ(broken.column, 6u);
}

TEST(Json, counts_the_last_of_several_members_of_a_name) {
  const auto document =
      read_json("{\"a\":{\"x\":1,\"y\":2},\"b\":[1,2],\n\"b\":\":\"}", test_limits);
  EXPECT_EQ(write_json(document.root), R"({"a":{"x":1,"y":2},"b":":"})");
  ASSERT_EQ(document.repeated.size(), 1u);
  EXPECT_EQ(document.repeated[0].name, "b");
  EXPECT_EQ(document.repeated[0].line, 2u);
}

TEST(Json, has_integers_of_64_bits) {
  for (const auto& [text, is_integer] : {std::pair{"9223372036854775807", true},
                                         {"-9223372036854775808", true},
                                         {"9223372036854775808", false},
                                         {"-18446744073709551617", false}}) {
    const auto document = read_json(std::string("{\"a\":") + text + "}", test_limits);
    EXPECT_EQ(find_integer(&document.root, "a").has_value(), is_integer) << text;
    EXPECT_EQ(document.has_wide_integer, !is_integer) << text;
    EXPECT_TRUE(find_number(&document.root, "a"));
  }
  EXPECT_FALSE(read_json(R"({"a":1e300})", test_limits).has_wide_integer);
}

TEST(Json, finds_members_of_the_asked_type_only) {
  const auto document = read_json(
      R"({"text":"x","integer":7,"number":0.5,"flag":true,"list":[],"object":{"a":1},"null":null,
          "huge":1e400})",
      test_limits);
  const auto* root = &document.root;
  EXPECT_EQ(find_string(root, "text"), "x");
  EXPECT_EQ(find_integer(root, "integer"), 7);
  EXPECT_EQ(find_number(root, "integer"), 7.0);
  EXPECT_EQ(find_number(root, "number"), 0.5);
  EXPECT_NE(find_object(root, "object"), nullptr);
  EXPECT_FALSE(find_integer(root, "number"));
  EXPECT_FALSE(find_number(root, "huge"));
  for (const char* name : {"integer", "number", "flag", "list", "object", "null", "absent"})
    EXPECT_FALSE(find_string(root, name)) << name;
  for (const char* name : {"text", "flag", "list", "object", "null", "absent"}) {
    EXPECT_FALSE(find_number(root, name)) << name;
    EXPECT_FALSE(find_integer(root, name)) << name;
  }
  for (const char* name : {"text", "list", "null", "absent"})
    EXPECT_EQ(find_object(root, name), nullptr) << name;
  EXPECT_FALSE(find_string(nullptr, "text"));
}

}  // namespace
}  // namespace modelverse::api
