// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/shot_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace modelverse::render {
namespace {

bool is_property(const std::string& name) {
  static const std::set<std::string> names = {"image-path", "image-uri",        "prompt",
                                              "duration",   "reference-images", "extra-input"};
  return names.contains(name);
}

ShotList read(const std::string& text) {
  return read_shot_list(text, "/films/one", is_property);
}

std::string value_of(const Shot& shot, const std::string& property) {
  const auto found = std::find_if(shot.settings.begin(), shot.settings.end(),
                                  [&](const Setting& one) { return one.property == property; });
  return found == shot.settings.end() ? "" : found->value;
}

TEST(ShotList, merges_defaults_and_resolves_paths_and_starts) {
  const auto list = read(R"({"defaults": {"duration": 4, "image": "pictures/bay.jpg"}, "shots": [
    {"id": "湾", "prompt": "waves \"roll\""},
    {"id": "b", "start": "湾", "duration": null, "reference-images": ["a.png", "https://x/y"]},
    {"id": "c", "image": "https://example.org/c.jpg", "duration": 8,
     "extra-input": {"a": [1, true]}}]})");
  ASSERT_TRUE(list.problems.empty()) << list.problems.front().text;
  ASSERT_EQ(list.shots.size(), 3u);
  EXPECT_EQ(value_of(list.shots[0], "image-path"), "/films/one/pictures/bay.jpg");
  EXPECT_EQ(value_of(list.shots[0], "duration"), "4");
  EXPECT_EQ(value_of(list.shots[0], "prompt"), "waves \"roll\"");
  EXPECT_EQ(list.shots[1].start, 0u);
  EXPECT_EQ(value_of(list.shots[1], "image-path"), "") << "start replaces a default picture";
  EXPECT_EQ(value_of(list.shots[1], "duration"), "") << "null removes a default";
  EXPECT_EQ(value_of(list.shots[1], "reference-images"), R"(["/films/one/a.png","https://x/y"])");
  EXPECT_EQ(value_of(list.shots[2], "image-uri"), "https://example.org/c.jpg");
  EXPECT_EQ(value_of(list.shots[2], "image-path"), "");
  EXPECT_EQ(value_of(list.shots[2], "duration"), "8");
  EXPECT_EQ(value_of(list.shots[2], "extra-input"), R"({"a":[1,true]})");
}

struct Bad {
  const char* text;
  std::size_t line;
  const char* key;
  const char* word;
};

TEST(ShotList, names_line_and_key_of_each_error) {
  const Bad table[] = {
      {"{\"shots\": [\n{\"id\": \"a\",\n\"colour\": 1}]}", 3, "colour", "unknown key"},
      {"{\"shots\": [{\"id\": \"a\"}],\n\"films\": 1}", 2, "films", "unknown key"},
      {"{\"shots\": [{\"id\": \"a\"},\n{\"id\": \"a\"}]}", 2, "id", "two shots"},
      {"{\"shots\": [{\"id\": \"a\",\n\"id\": \"b\"}]}", 2, "id", "twice"},
      {"{\"shots\": [\n{\"id\": \"../a\"}]}", 2, "id", "file"},
      {"{\"shots\": [\n{\"id\": \".a\"}]}", 2, "id", "file"},
      {"{\"shots\": [\n{\"prompt\": \"x\"}]}", 2, "id", "none"},
      {"{\"shots\": [\n{\"id\": \"a\",\n\"start\": \"b\"}]}", 3, "start", "no shot"},
      {"{\"shots\": [\n{\"id\": \"a\", \"start\": \"a\"}]}", 2, "start", "a <- a"},
      {"{\"shots\": [\n{\"id\": \"a\", \"start\": \"c\"},\n{\"id\": \"b\", \"start\": \"a\"},\n"
       "{\"id\": \"c\", \"start\": \"b\"}]}",
       2, "start", "a <- c <- b <- a"},
      {"{\"shots\": [\n{\"id\": \"a\", \"image\": \"x\"},\n{\"id\": \"b\", \"image\": \"y\",\n"
       "\"start\": \"a\"}]}",
       4, "start", "not both"},
      {"{\"defaults\": {\n\"start\": \"a\"}, \"shots\": [{\"id\": \"a\"}]}", 2, "start", "default"},
      {"{\"shots\": [\n{\"id\": \"a\",\n\"image\": 1}]}", 3, "image", "string"},
      {"{\"shots\": [\n{\"id\": \"a\",}]}", 2, "", "JSON"},
      {"{\n\"shots\": 1}", 2, "shots", "array"},
      {"{}", 1, "shots", "missing"},
      {"{\"shots\": []}", 1, "shots", "no shot"},
      {"[]", 1, "", "object"},
  };
  for (const auto& [text, line, key, word] : table) {
    const auto list = read(text);
    ASSERT_EQ(list.problems.size(), 1u) << text;
    EXPECT_EQ(list.problems[0].line, line) << text;
    EXPECT_EQ(list.problems[0].key, key) << text;
    EXPECT_NE(list.problems[0].text.find(word), std::string::npos) << list.problems[0].text;
  }
}

TEST(ShotList, reports_all_errors_in_the_order_of_their_lines) {
  const auto list = read(
      "{\"shots\": [\n{\"id\": \"a\",\n\"x\": 1},\n{\"id\": \"a\"},\n"
      "{\"id\": \"c\", \"start\": \"d\"}]}");
  ASSERT_EQ(list.problems.size(), 3u);
  EXPECT_EQ(describe(list.problems[0], "s.json").rfind("s.json:3: x: unknown key", 0), 0u);
  EXPECT_EQ(list.problems[1].line, 4u);
  EXPECT_EQ(list.problems[2].line, 5u);
}

}  // namespace
}  // namespace modelverse::render
