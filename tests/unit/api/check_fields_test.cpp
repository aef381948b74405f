// SPDX-License-Identifier: LGPL-2.1-or-later
// Which pictures and properties a model takes, and what is said of the others.
#include "api/check_fields.h"

#include <gtest/gtest.h>

#include "api/wire.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

// Without modes: x. With modes: y, whose modes differ in the body and in the lists.
const Models& field_models() {
  static const auto* read = new Result<Models>(Models::with_rows_of(R"({"models":[
    {"model":"x","picture":"optional",
     "body":{"input":{"p":"{prompt}","f":"{picture}","l":"{last-picture}","e":""},
             "parameters":{"d":"{duration}"}}},
    {"model":"y","durations":[5],"default-aspect-ratio":"1:1",
     "body":{"input":{"p":"{prompt}"},"parameters":{"r":"{aspect-ratio}","d":"{duration}"}},
     "modes":[
       {"pictures":[]},
       {"pictures":["first"],"body":{"input":{"p":"{prompt}","f":"{picture}"},
                                     "parameters":{"kind":"one","d":"{duration}"}}},
       {"pictures":["first","last"],"durations":[6],
        "body":{"input":{"f":"{picture}","l":"{last-picture}"},"parameters":{"d":"{duration}"}}},
       {"pictures":["references"],"max-references":1,"body":{"input":{"f":"{reference}"}}}]},
    {"model":"z","like":"y","durations":[7]},
    {"model":"w","like":"y","body":{"input":{"p":"{prompt}"}}},
    {"model":"v","like":"y","picture":"required"}]})",
                                                                    "m"));
  EXPECT_TRUE(read->ok()) << read->error().text;
  return read->value();
}

const RequestPicture some_link = PictureLink{"https://a.example/b.png"};

Result<const Profile*> field_profile(const Request& request) {
  return profile_for(field_models(), roles_of(request), request);
}

std::string field_refusal(const Request& request) {
  const auto profile = field_profile(request);
  EXPECT_FALSE(profile.ok());
  if (profile)
    return {};
  EXPECT_EQ(profile.error().code, ErrorCode::settings);
  return profile.error().text;
}

std::string field_body(const Request& request) {
  const auto profile = field_profile(request);
  EXPECT_TRUE(profile.ok()) << profile.error().text;
  return profile ? encode_submit(**profile, request).body.str() : "";
}

bool says(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

TEST(ProfileFor, chooses_the_mode_by_the_pictures) {
  EXPECT_EQ(field_body({.model = "y", .prompt = "go"}),
            R"({"model":"y","input":{"p":"go"},"parameters":{"r":"1:1","d":5}})");
  EXPECT_EQ(field_body({.model = "y", .prompt = "go", .picture = some_link}),
            R"({"model":"y","input":{"p":"go","f":"https://a.example/b.png"},)"
            R"("parameters":{"kind":"one","d":5}})");
  EXPECT_EQ(field_body({.model = "y", .picture = some_link, .last_picture = some_link}),
            R"({"model":"y","input":{"f":"https://a.example/b.png",)"
            R"("l":"https://a.example/b.png"},"parameters":{"d":6}})");
  EXPECT_EQ(field_body({.model = "y", .references = {some_link}}),
            R"({"model":"y","input":{"f":"https://a.example/b.png"},"parameters":{}})");
}

TEST(ProfileFor, gives_a_row_that_starts_from_one_with_modes_the_same_modes) {
  EXPECT_TRUE(says(field_body({.model = "z", .picture = some_link}), R"("kind":"one","d":7)"));
  EXPECT_TRUE(says(field_body({.model = "z", .picture = some_link, .last_picture = some_link}),
                   R"("d":6)"));
  EXPECT_FALSE(field_profile({.model = "w", .picture = some_link}).ok())
      << "another body, other modes";
  EXPECT_FALSE(field_profile({.model = "v", .prompt = "go"}).ok()) << "a first frame is required";
  EXPECT_TRUE(field_profile({.model = "v", .picture = some_link}).ok());
  EXPECT_EQ(field_models().find("v").picture, PictureUse::required);
  EXPECT_EQ(field_models().find("v").last_picture, PictureUse::optional);
}

TEST(ProfileFor, refuses_pictures_that_are_not_taken_together_and_lists_those_that_are) {
  const auto alone = field_refusal({.model = "y", .last_picture = some_link});
  EXPECT_TRUE(says(alone, "no clip from a last frame")) << alone;
  EXPECT_TRUE(
      says(alone, "no picture; a first frame; a first and a last frame; reference pictures"))
      << alone;
  EXPECT_TRUE(says(field_refusal({.model = "y", .picture = some_link, .references = {some_link}}),
                   "a first frame and reference pictures"));
  EXPECT_TRUE(
      says(field_refusal({.model = "x", .last_picture = some_link}), "only with a first one"));
  EXPECT_TRUE(field_profile({.model = "x", .picture = some_link, .last_picture = some_link}).ok());
}

TEST(ProfileFor, lets_an_extra_stand_for_a_picture) {
  Request request{.model = "x", .last_picture = some_link};
  request.extra_input = {{"f", {std::string("u")}}};
  EXPECT_TRUE(field_profile(request).ok());
  request.model = "y";
  EXPECT_TRUE(says(field_body(request), R"("input":{"l":"https://a.example/b.png","f":"u"})"));
}

TEST(ProfileFor, names_what_the_model_has_and_which_models_have_the_field) {
  const auto text = field_refusal({.model = "x", .prompt = "go", .aspect_ratio = "1:1"});
  EXPECT_TRUE(says(text, "The model x has no aspect-ratio")) << text;
  EXPECT_TRUE(says(text, "It has image, last-image, prompt, duration.")) << text;
  EXPECT_TRUE(says(text, "Models with aspect-ratio: ") && says(text, "y, z")) << text;
  const auto in_mode = field_refusal({.model = "y", .aspect_ratio = "1:1", .picture = some_link});
  EXPECT_TRUE(says(in_mode, "y with a first frame has no aspect-ratio. It has image, prompt"))
      << in_mode;
  EXPECT_TRUE(says(in_mode, ", z.") && !says(in_mode, " y,")) << in_mode;
  const auto picture = field_refusal({.model = "w", .picture = some_link});
  EXPECT_TRUE(says(picture, "Leave image-path, image-uri, image-sample unset")) << picture;
  EXPECT_TRUE(says(in_mode, "It has aspect-ratio with: no picture")) << in_mode;
  EXPECT_FALSE(says(text, "It has aspect-ratio")) << text;
  const auto of_text = field_refusal({.model = "kling-v2-6", .prompt = "go", .seed = 5});
  EXPECT_TRUE(says(of_text, "It has prompt, negative-prompt,"))
      << "the body has places for pictures: " << of_text;
}

TEST(ProfileFor, refuses_each_property_without_a_field) {
  const std::string prompt_alone = "w";
  for (const auto& request :
       {Request{.model = prompt_alone, .negative_prompt = "no"},
        Request{.model = prompt_alone, .resolution = "a"},
        Request{.model = prompt_alone, .seed = 0}, Request{.model = prompt_alone, .duration = 5},
        Request{.model = prompt_alone, .audio = Audio::off},
        Request{.model = prompt_alone, .picture = some_link},
        Request{.model = prompt_alone, .last_picture = some_link},
        Request{.model = prompt_alone, .references = {some_link}}})
    EXPECT_TRUE(says(field_refusal(request), "It has prompt."));
  EXPECT_TRUE(
      says(field_refusal(
               {.model = "y", .prompt = "go", .picture = some_link, .last_picture = some_link}),
           "has no prompt"));
}

TEST(ProfileFor, checks_nothing_of_an_unknown_model) {
  const Request request{
      .model = "acme/x", .seed = 5, .audio = Audio::on, .last_picture = some_link};
  const auto profile = field_profile(request);
  ASSERT_TRUE(profile.ok());
  EXPECT_FALSE((*profile)->is_known);
  EXPECT_TRUE(says(encode_submit(**profile, request).body.str(),
                   R"("parameters":{"seed":5,"generate_audio":true})"));
}

TEST(AspectRatio, follows_the_picture_where_the_row_says_so) {
  const auto read = Models::with_rows_of(
      R"({"models":[{"model":"x","aspect-ratios":["16:9","1:1","9:16","adaptive"],)"
      R"("aspect-ratio-follows":true,"body":{"input":{"r":"{aspect-ratio}"}}},)"
      R"({"model":"y","like":"x","default-aspect-ratio":"1:1"},)"
      R"({"model":"z","like":"x","aspect-ratio-follows":false}]})",
      "m");
  ASSERT_TRUE(read.ok());
  const auto ratio = [&](const char* model, FrameSize frame) {
    return aspect_ratio_of_frame(read->find(model), frame);
  };
  EXPECT_EQ(ratio("x", {720, 1280}), "9:16");
  EXPECT_EQ(ratio("x", {1000, 1100}), "1:1");
  EXPECT_EQ(ratio("x", {1280, 720}), "") << "the service's own default";
  EXPECT_EQ(ratio("y", {1280, 720}), "16:9");
  EXPECT_EQ(ratio("x", {0, 0}), "");
  EXPECT_EQ(ratio("z", {720, 1280}), "");
}

}  // namespace
}  // namespace modelverse::api
