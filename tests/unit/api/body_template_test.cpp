// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/body_template.h"

#include <gtest/gtest.h>

#include "api/json.h"
#include "api/json_text.h"

namespace modelverse::api {
namespace {

Object section(const std::string& json) {
  auto document = read_json(json, {.max_bytes = 1 << 16, .max_depth = 16});
  EXPECT_EQ(document.problem, nullptr) << json;
  return std::move(document.root);
}

Value text(const char* text) {
  return {std::string(text)};
}

std::string filled(const std::string& json, const PlaceholderValues& values) {
  return write_json(fill(section(json), values));
}

const PlaceholderValues everything = {
    .first = {text("P"), "image/png"}, .prompt = "go", .resolution = "720p", .duration = 5};

TEST(BodyTemplate, puts_each_value_where_its_hole_is_and_leaves_the_rest) {
  EXPECT_EQ(filled(R"({"a":"{prompt}","b":{"c":["{picture}",1.5,true,null],"d":"{media-type}"},)"
                   R"("e":"{duration}","f":"{resolution}","g":"the {prompt}"})",
                   everything),
            R"({"a":"go","b":{"c":["P",1.5,true,null],"d":"image/png"},"e":5,"f":"720p",)"
            R"("g":"the {prompt}"})");
}

TEST(BodyTemplate, does_not_look_for_holes_in_what_was_filled_in) {
  EXPECT_EQ(filled(R"({"a":"{prompt}"})", {.prompt = "{picture}"}), R"({"a":"{picture}"})");
}

TEST(BodyTemplate, leaves_out_what_holds_a_hole_without_a_value) {
  const std::string content =
      R"({"content":[{"type":"text","text":"{prompt}"},{"url":{"x":"{picture}"},"role":"r"}],"k":1})";
  EXPECT_EQ(filled(content, {.prompt = "go"}),
            R"({"content":[{"type":"text","text":"go"}],"k":1})");
  EXPECT_EQ(filled(content, {.first = {text("P"), {}}}),
            R"({"content":[{"url":{"x":"P"},"role":"r"}],"k":1})");
  EXPECT_EQ(filled(content, {}), R"({"k":1})");
  EXPECT_EQ(filled(R"({"image":{"b":"{picture}","m":"{media-type}"}})", {.first = {text("P"), {}}}),
            "{}");
  EXPECT_EQ(filled(R"({"list":[],"object":{}})", {}), R"({"list":[],"object":{}})");
}

TEST(BodyTemplate, repeats_the_item_of_a_list_for_each_reference) {
  const PlaceholderValues two{.first = {text("P"), {}},
                              .references = {{text("A"), "image/png"}, {text("B"), "x/y"}}};
  EXPECT_EQ(filled(R"({"images":["{picture}","{reference}"]})", two),
            R"({"images":["P","A","B"]})");
  EXPECT_EQ(filled(R"({"list":[{"u":{"b":"{reference}"},"m":"{reference-media-type}"}]})", two),
            R"({"list":[{"u":{"b":"A"},"m":"image/png"},{"u":{"b":"B"},"m":"x/y"}]})");
  EXPECT_EQ(filled(R"({"images":["{reference}"]})", {}), "{}");
  EXPECT_EQ(filled(R"({"image":"{reference}"})", {.references = {{text("A"), {}}}}),
            R"({"image":"A"})");
  EXPECT_TRUE(are_references_in_lists(section(R"({"a":[{"b":"{reference}"}]})")));
  EXPECT_FALSE(are_references_in_lists(section(R"({"a":"{reference}"})")));
}

TEST(BodyTemplate, fills_every_placeholder_with_a_value_of_its_type) {
  const PlaceholderValues values{.last = {text("L"), "image/webp"},
                                 .negative_prompt = "no",
                                 .size = "1x1",
                                 .aspect_ratio = "1:1",
                                 .seed = 7,
                                 .audio = Value{false}};
  EXPECT_EQ(filled(R"({"a":"{last-picture}","b":"{last-media-type}","c":"{negative-prompt}",)"
                   R"("d":"{size}","e":"{aspect-ratio}","f":"{seed}","g":"{audio}"})",
                   values),
            R"({"a":"L","b":"image/webp","c":"no","d":"1x1","e":"1:1","f":7,"g":false})");
}

TEST(BodyTemplate, finds_its_placeholders) {
  const auto body = section(
      R"({"input":{"p":"{prompt}","content":[{"image_url":{"url":"{picture}"}}]},"parameters":{}})");
  const auto place = find_placeholder(body, picture_placeholder);
  EXPECT_EQ(place.section, "input");
  EXPECT_EQ(place.member, "content");
  EXPECT_EQ(place.path, "input.content[].image_url.url");
  EXPECT_EQ(find_placeholder(body, duration_placeholder).path, "");
  EXPECT_EQ(count_placeholders(body, prompt_placeholder), 1);
  EXPECT_EQ(count_placeholders(body, duration_placeholder), 0);
}

TEST(BodyTemplate, knows_what_looks_like_a_hole_and_is_none) {
  EXPECT_EQ(find_unknown_placeholder(section(R"({"a":{"b":["{promt}"]}})")), "{promt}");
  EXPECT_EQ(find_unknown_placeholder(section(R"({"a":"{prompt}","b":"{}","c":"x{y}"})")), "");
}

}  // namespace
}  // namespace modelverse::api
