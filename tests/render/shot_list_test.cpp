// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/shot_list.h"

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace modelverse::render {
namespace {

ShotList read(const std::string& text) {
  gst_init(nullptr, nullptr);
  return read_shot_list(text, "/films/one");
}

std::string value_of(const Shot& shot, const std::string& property) {
  const auto found = std::find_if(shot.settings.begin(), shot.settings.end(),
                                  [&](const Setting& one) { return one.property == property; });
  return found == shot.settings.end() ? "" : found->value;
}

struct Value {
  std::size_t shot;
  const char* property;
  const char* value;  // empty: not set
};

TEST(ShotList, merges_defaults_and_resolves_paths_and_starts) {
  const auto list = read(R"({"defaults": {"duration": 4, "image": "pictures/bay.jpg"}, "shots": [
    {"id": "湾", "prompt": "waves \"roll\""},
    {"id": "b", "start": "湾", "duration": null, "reference-images": ["a.png", "https://x/y"]},
    {"id": "c", "image": "https://example.org/c.jpg", "duration": 8,
     "extra-input": {"a": [1, true]}}]})");
  ASSERT_TRUE(list.problems.empty()) << list.problems.front().text;
  ASSERT_EQ(list.shots.size(), 3u);
  EXPECT_EQ(list.shots[1].start, 0u);
  const Value table[] = {
      {0, "image-path", "/films/one/pictures/bay.jpg"},
      {0, "duration", "4"},
      {0, "prompt", "waves \"roll\""},
      {1, "image-path", ""},  // `start` replaces a default picture
      {1, "duration", ""},    // null removes a default
      {1, "reference-images", R"(["/films/one/a.png","https://x/y"])"},
      {2, "image-uri", "https://example.org/c.jpg"},
      {2, "image-path", ""},
      {2, "duration", "8"},
      {2, "extra-input", R"({"a":[1,true]})"},
  };
  for (const auto& [shot, property, value] : table)
    EXPECT_EQ(value_of(list.shots[shot], property), value) << shot << " " << property;
}

TEST(ShotList, has_room_for_ten_thousand_shots) {
  std::string text = "\xef\xbb\xbf{\"shots\": [{\"id\": \"s\"}";  // with a byte order mark
  for (int i = 0; i < 10'000; ++i)
    text += ",\n{\"id\": \"s" + std::to_string(i) + "\", \"prompt\": \"x\", \"duration\": 4}";
  const auto list = read(text + "]}");
  EXPECT_TRUE(list.problems.empty()) << list.problems.front().text;
  EXPECT_EQ(list.shots.size(), 10'001u);
}

struct Bad {
  const char* text;
  std::size_t line;
  const char* key;
  const char* word;
};

const Bad bad_lists[] = {
    {"{\"shots\": [\n{\"id\": \"a\",\n\"colour\": 1}]}", 3, "colour", "unknown key"},
    {"{\"shots\": [{\"id\": \"a\"}],\n\"films\": 1}", 2, "films", "unknown key"},
    {"{\"shots\": [{\"id\": \"a\"},\n{\"id\": \"a\"}]}", 2, "id", "in line 1"},
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
    {"{\"defaults\": {\n\"task-id\": \"x\"}, \"shots\": [{\"id\": \"a\"}]}", 2, "task-id",
     "default"},
    {"{\"shots\": [\n{\"id\": \"a\", \"task-id\": \"\"}]}", 2, "task-id", "id of a task"},
    {"{\"shots\": [{\"id\": \"a\", \"task-id\": \"x\"},\n{\"id\": \"b\", \"task-id\": \"x\"}]}", 2,
     "task-id", "two shots"},
    {"{\"shots\": [\n{\"id\": \"a\\u009bm\"}]}", 2, "id", "control"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"image\": 1}]}", 3, "image", "string"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"prompt\": true}]}", 3, "prompt", "string"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"prompt\": [\"x\"]}]}", 3, "prompt", "string"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"duration\": \"4\"}]}", 3, "duration", "number"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"duration\": true}]}", 3, "duration", "number"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"reference-images\": [1]}]}", 3, "reference-images",
     "strings"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"extra-input\": 1}]}", 3, "extra-input", "object"},
    {"{\"shots\": [\n{\"id\": \"a\",\n\"start\": \"\"}]}", 3, "start", "id of a shot"},
    {"{\n\"shots\": [null]}", 2, "shots", "not an object"},
    {"{\"shots\": [\n{\"id\": \"a\",}]}", 2, "", "JSON"},
    {"{\n\"shots\": 1}", 2, "shots", "array"},
    {"{}", 1, "shots", "missing"},
    {"{\"shots\": []}", 1, "shots", "no shot"},
    {"[]", 1, "", "object"},
};

TEST(ShotList, names_line_and_key_of_each_error) {
  for (const auto& [text, line, key, word] : bad_lists) {
    const auto list = read(text);
    ASSERT_EQ(list.problems.size(), 1u) << text;
    EXPECT_EQ(list.problems[0].line, line) << text;
    EXPECT_EQ(list.problems[0].key, key) << text;
    EXPECT_NE(list.problems[0].text.find(word), std::string::npos) << list.problems[0].text;
  }
}

TEST(ShotList, names_line_and_column_where_it_is_not_JSON) {
  // Found by the scanner, and by the parser.
  for (const char* text : {"{\"shots\": [\n  {id: \"a\"}]}", "{\"shots\": [\n  {\"id\" \"a\"}]}"}) {
    const auto list = read(text);
    ASSERT_EQ(list.problems.size(), 1u) << text;
    EXPECT_EQ(list.problems[0].line, 2u);
    EXPECT_GE(list.problems[0].column, 4u);
    EXPECT_LE(list.problems[0].column, 12u);
    EXPECT_TRUE(describe(list.problems[0], "s.json").starts_with("s.json:2:"));
    EXPECT_GT(list.problems[0].text.size(), std::string("not JSON: ").size());
  }
}

TEST(ShotList, knows_the_shots_without_a_problem) {
  const auto list = read(
      "{\"shots\": [{\"id\": \"a\"}, {\"id\": \"b\", \"x\": 1}, {\"id\": \"c\", \"start\": "
      "\"d\"}]}");
  ASSERT_EQ(list.shots.size(), 3u);
  EXPECT_TRUE(list.shots[0].is_sound);
  EXPECT_FALSE(list.shots[1].is_sound);
  EXPECT_FALSE(list.shots[2].is_sound);
  EXPECT_FALSE(read("{\"defaults\": {\"x\": 1}, \"shots\": [{\"id\": \"a\"}]}").shots[0].is_sound);
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
