// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace modelverse::api
