// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json_text.h"

#include <gtest/gtest.h>

#include "api/json.h"

namespace modelverse::api {
namespace {

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
  ASSERT_NE(document.root, nullptr) << document.problem;
  EXPECT_EQ(find_string(document.root, "prompt"), nasty);
}

TEST(JsonText, reads_one_object_with_bounds) {
  EXPECT_EQ(json_from_object(object_from_json(R"( {"a": [1, {"b": null}]} )").value()),
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
