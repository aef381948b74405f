// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace modelverse::api {
namespace {

constexpr ScanLimits test_limits{.max_bytes = 1 << 20, .max_depth = 64};

TEST(Json, finds_members_of_the_asked_type_only) {
  const auto document = read_json(
      R"({"text":"x","integer":7,"number":0.5,"flag":true,"list":[],"object":{"a":1},"null":null,
          "huge":1e400})",
      test_limits);
  JsonObject* root = document.root;
  ASSERT_NE(root, nullptr);
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

TEST(Json, writes_every_kind_of_value_in_the_given_order) {
  const Object object{
      {"z", {std::string("\"\\\n\x01 \xe7\x8c\xab")}},
      {"b", {true}},
      {"n", {nullptr}},
      {"i", {std::numeric_limits<std::int64_t>::min()}},
      {"d", {0.5}},
      {"a", {Array{{std::int64_t{1}}, {Object{{"x", {false}}}}, {Array{}}}}},
  };
  EXPECT_EQ(write_json(object, JsonLayout::compact),
            "{\"z\":\"\\\"\\\\\\n\\u0001 \xe7\x8c\xab\",\"b\":true,\"n\":null,"
            "\"i\":-9223372036854775808,\"d\":0.5,\"a\":[1,{\"x\":false},[]]}");
}

TEST(Json, writes_a_number_with_the_fewest_digits_that_say_it) {
  const Array numbers{{1.41}, {2.0}, {-0.1}, {1e300}, {9'007'199'254'740'993.0}};
  EXPECT_EQ(write_json(numbers, JsonLayout::compact), "[1.41,2.0,-0.1,1e+300,9007199254740992.0]");
}

TEST(Json, writes_null_for_a_number_that_json_cannot_say) {
  const Object object{{"a", {std::numeric_limits<double>::infinity()}},
                      {"b", {std::numeric_limits<double>::quiet_NaN()}}};
  EXPECT_EQ(write_json(object, JsonLayout::compact), R"({"a":null,"b":null})");
}

}  // namespace
}  // namespace modelverse::api
