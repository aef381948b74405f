// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "api/json.h"

namespace modelverse::api {
namespace {

TEST(JsonText, writes_every_kind_of_value_in_the_given_order) {
  const Object object{
      {"z", {std::string("\"\\\n\x01 \xe7\x8c\xab")}},
      {"b", {true}},
      {"n", {nullptr}},
      {"i", {std::numeric_limits<std::int64_t>::min()}},
      {"d", {0.5}},
      {"a", {Array{{std::int64_t{1}}, {Object{{"x", {false}}}}, {Array{}}}}},
  };
  EXPECT_EQ(write_json(object),
            "{\"z\":\"\\\"\\\\\\n\\u0001 \xe7\x8c\xab\",\"b\":true,\"n\":null,"
            "\"i\":-9223372036854775808,\"d\":0.5,\"a\":[1,{\"x\":false},[]]}");
}

TEST(JsonText, writes_a_number_with_the_fewest_digits_that_say_it) {
  const Array numbers{{1.41}, {2.0}, {-0.1}, {1e300}, {9'007'199'254'740'993.0}};
  EXPECT_EQ(write_json(numbers), "[1.41,2.0,-0.1,1e+300,9007199254740992.0]");
}

TEST(JsonText, writes_null_for_a_number_that_json_cannot_say) {
  const Object object{{"a", {std::numeric_limits<double>::infinity()}},
                      {"b", {std::numeric_limits<double>::quiet_NaN()}}};
  EXPECT_EQ(write_json(object), R"({"a":null,"b":null})");
}

TEST(JsonText, is_an_array_with_a_member_a_line) {
  EXPECT_EQ(json_text({}), "[]\n");
  const Array items = {{Object{{"key", {std::string("猫")}}, {"size", {std::int64_t{7}}}}}};
  EXPECT_EQ(json_text(items), "[\n  {\n    \"key\" : \"猫\",\n    \"size\" : 7\n  }\n]\n");
}

TEST(JsonText, does_a_terminal_no_harm_and_comes_back_as_it_was) {
  // Escape, newline, unit separator, delete, CSI, line separator, and one beyond 16 bits (a tag).
  const std::string nasty = "a\x1b[2J\n\x1f\x7f\xc2\x9b\xe2\x80\xa8\xf3\xa0\x80\x81\"\\b";
  const auto text = json_text({{Object{{"prompt", {nasty}}}}});
  EXPECT_NE(text.find(R"("a\u001b[2J\n\u001f\u007f\u009b\u2028\udb40\udc01\"\\b")"),
            std::string::npos)
      << text;
  const auto document = read_json(std::string_view(text).substr(1, text.size() - 3),
                                  {.max_bytes = 1000, .max_depth = 4});
  ASSERT_EQ(document.problem, nullptr);
  EXPECT_EQ(find_string(&document.root, "prompt"), nasty);
}

TEST(JsonText, reads_one_array_of_strings) {
  EXPECT_EQ(texts_from_json(R"( ["a", "b"] )"), (std::vector<std::string>{"a", "b"}));
  for (const char* text :
       {"", "{}", "\"a\"", "[1]", "[] []", R"(["a"], "b": ["c"])", R"(["a"], "texts": ["b"])"})
    EXPECT_FALSE(texts_from_json(text)) << text;
}

TEST(JsonText, reads_one_object_with_bounds) {
  EXPECT_EQ(write_json(object_from_json(R"( {"a": [1, {"b": null}]} )").value()),
            R"({"a":[1,{"b":null}]})");
  std::string deep;
  for (int i = 0; i < 40; ++i)
    deep += R"({"a":)";
  const std::string long_text = R"({"a":")" + std::string(70'000, 'x') + R"("})";
  for (const std::string& text :
       {std::string(), std::string("[1]"), std::string("{} {}"), deep + "1" + std::string(40, '}'),
        long_text, std::string(R"({"a":9223372036854775808})")})
    EXPECT_FALSE(object_from_json(text)) << text.substr(0, 40);
}

}  // namespace
}  // namespace modelverse::api
