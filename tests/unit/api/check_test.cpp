// SPDX-License-Identifier: LGPL-2.1-or-later
// What is refused before anything is sent; see profile_test.cpp for the values of the default
// model.
#include "api/check.h"

#include <gtest/gtest.h>

#include "api/models.h"
#include "api/wire.h"
#include "core/settings.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

Status check(const Request& request) {
  return check_request(find_profile(request.model), request);
}

std::string refusal(const Status& status, ErrorCode code = ErrorCode::settings) {
  EXPECT_FALSE(status.ok());
  if (status.ok())
    return {};
  EXPECT_EQ(status.error().code, code);
  EXPECT_FALSE(status.error().debug.empty());
  return status.error().text;
}

bool has(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

Request with_bytes(const std::string& model, std::size_t size,
                   const std::string& type = "image/jpeg") {
  return {.model = model,
          .prompt = "go",
          .picture = PictureBytes{.media_type = type, .bytes = std::string(size, 'x')}};
}

Status check_picture_of(const Request& request) {
  return check_pictures(find_profile(request.model), request);
}

TEST(CheckRequest, takes_a_resolution_in_any_case) {
  for (const char* resolution : {"480p", "480P"})
    EXPECT_TRUE(
        check({.model = "Wan-AI/Wan2.2-T2V", .prompt = "go", .resolution = resolution}).ok());
  const Request request{.model = "Wan-AI/Wan2.5-I2V", .prompt = "go", .resolution = "720P"};
  EXPECT_EQ(sent_resolution(find_profile(request.model), request), "720p");
}

TEST(CheckRequest, says_at_which_resolution_a_duration_is_made) {
  Request request{
      .model = "MiniMax-Hailuo-2.3", .prompt = "go", .resolution = "1080P", .duration = 10};
  const auto text = refusal(check(request));
  EXPECT_TRUE(has(text, "at 1080P") && has(text, "one of 6,") && has(text, "one of 768P")) << text;
  request.resolution.clear();
  EXPECT_TRUE(check(request).ok());
  request.duration = 7;
  EXPECT_TRUE(has(refusal(check(request)), "6, 10"));
}

TEST(CheckRequest, sends_a_duration_that_goes_with_the_resolution) {
  const auto models = Models::with_rows_of(
      R"({"models":[{"model":"x","like":"MiniMax-Hailuo-2.3","default-duration":10}]})", "m");
  ASSERT_TRUE(models.ok());
  const auto& profile = models->find("x");
  EXPECT_EQ(sent_duration(profile, {.model = "x"}), 10);
  EXPECT_EQ(sent_duration(profile, {.model = "x", .resolution = "1080P"}), 6);
}

TEST(CheckRequest, takes_no_more_text_than_a_record_can_hold) {
  const std::string model = default_model;
  EXPECT_TRUE(check({.model = model, .prompt = std::string(130'000, 'a')}).ok());
  for (const auto& request : {Request{.model = model, .prompt = std::string(140'000, '\x01')},
                              Request{.model = std::string(140'000, 'm'), .prompt = "go"}})
    EXPECT_TRUE(has(refusal(check(request)), "too long"));
}

TEST(CheckRequest, wants_a_prompt_where_the_model_needs_one_and_bounds_it_in_characters) {
  EXPECT_TRUE(has(refusal(check({.model = "kling-v2-6"})), "prompt"));
  EXPECT_TRUE(check({.model = "viduq3-pro"}).ok());
  Request request{.model = "kling-v2-6", .extra_input = {{"prompt", {std::string("go")}}}};
  EXPECT_TRUE(check(request).ok()) << "an extra stands in its place";
  std::string long_prompt;
  for (int i = 0; i < 2000; ++i)
    long_prompt += "猫";
  EXPECT_TRUE(check({.model = "viduq2", .prompt = long_prompt}).ok());
  EXPECT_TRUE(has(refusal(check({.model = "viduq2", .prompt = long_prompt + "."})), "2001"));
}

TEST(CheckRequest, refuses_what_json_does_not_have_and_says_how_to_write_it) {
  Request request{.model = default_model};
  request.extra_parameters = {{"outer", {Object{{"ratio", {Foreign{"GstFlagSet"}}}}}}};
  const auto text = refusal(check(request));
  EXPECT_TRUE(has(text, "extra-parameters") && has(text, "ratio=(string)")) << text;
  request.extra_parameters = {{"list", {Array{{Foreign{"GstFraction"}}}}}};
  EXPECT_TRUE(has(refusal(check(request)), "list is a GstFraction"));
}

Status check_use(const Request& request) {
  return check_picture_use(find_profile(request.model), request, roles_of(request),
                           request.references.size());
}

const RequestPicture link = PictureLink{"https://a.example/b.png"};

TEST(CheckPictureUse, follows_the_model) {
  EXPECT_TRUE(check_use({.model = "Wan-AI/Wan2.6-T2V", .prompt = "go"}).ok());
  Request of_picture{.model = "Wan-AI/Wan2.2-I2V", .prompt = "go", .picture = link};
  EXPECT_TRUE(check_use(of_picture).ok());
  of_picture.picture = {};
  EXPECT_TRUE(has(refusal(check_use(of_picture)), "image-uri"));
  of_picture.extra_parameters = {{"first_frame_url", {std::string("x")}}};
  EXPECT_FALSE(check_use(of_picture).ok()) << "the wrong section";
  of_picture.extra_input = {{"first_frame_url", {std::string("x")}}};
  EXPECT_TRUE(check_use(of_picture).ok()) << "an extra stands in its place";
}

TEST(CheckPictureUse, lets_an_unknown_model_do_without_when_it_is_told_something) {
  EXPECT_FALSE(check_use({.model = "acme/x"}).ok());
  EXPECT_TRUE(check_use({.model = "acme/x", .prompt = "go"}).ok());
  EXPECT_TRUE(check_use({.model = "acme/x", .references = {link}}).ok());
  EXPECT_TRUE(check_use({.model = "acme/x", .extra_parameters = {{"a", {true}}}}).ok());
}

TEST(CheckPictureUse, counts_the_reference_pictures) {
  const auto models =
      Models::with_rows_of(R"({"models":[{"model":"x","references":"required","max-references":2,)"
                           R"("body":{"input":{"p":"{prompt}","r":["{reference}"]}}}]})",
                           "m");
  ASSERT_TRUE(models.ok());
  const auto use = [&](std::size_t count) {
    const Request request{
        .model = "x", .prompt = "go", .references = std::vector<RequestPicture>(count, link)};
    return check_picture_use(models->find("x"), request, roles_of(request), count);
  };
  EXPECT_TRUE(has(refusal(use(0)), "reference-images"));
  EXPECT_TRUE(use(2).ok());
  EXPECT_TRUE(has(refusal(use(3)), "up to 2 reference pictures"));
}

TEST(CheckPicture, bounds_the_bytes_and_says_so_in_megabytes) {
  EXPECT_TRUE(check_picture_of(with_bytes("kling-v2-6", 10'485'760)).ok());
  const auto text = refusal(check_picture_of(with_bytes("kling-v2-6", 10'620'000)));
  EXPECT_TRUE(has(text, "up to 10.5 MB") && has(text, "10.6 MB")) << text;
  EXPECT_TRUE(check_picture_of(with_bytes("Wan-AI/Wan2.2-I2V", 30'000'000)).ok());
}

// A row with every value in one section each.
Models with_every_field() {
  auto models = Models::with_rows_of(
      R"({"models":[{"model":"x","aspect-ratios":["16:9","9:16"],"seeds":[5,10],)"
      R"("max-negative-prompt":3,"audio":{"on":"yes"},)"
      R"("resolutions":["s",{"name":"t","sizes":{"1:1":"10x10"}}],"body":{"input":)"
      R"({"n":"{negative-prompt}","s":"{seed}","a":"{audio}","r":"{aspect-ratio}"}}}]})",
      "m");
  EXPECT_TRUE(models.ok());
  return std::move(models).value();
}

TEST(CheckRequest, refuses_values_outside_the_rows_lists_and_ranges) {
  const auto models = with_every_field();
  const auto refused = [&](const Request& request) {
    return refusal(check_request(models.find("x"), request));
  };
  EXPECT_TRUE(has(refused({.model = "x", .aspect_ratio = "1:1"}), "one of 16:9, 9:16"));
  EXPECT_TRUE(
      has(refused({.model = "x", .resolution = "T", .aspect_ratio = "16:9"}), "one of 1:1"));
  EXPECT_TRUE(has(refused({.model = "x", .seed = 4}), "from 5 to 10"));
  EXPECT_TRUE(has(refused({.model = "x", .seed = 11}), "from 5 to 10"));
  EXPECT_TRUE(has(refused({.model = "x", .audio = Audio::off}), "with sound only"));
  EXPECT_TRUE(has(refused({.model = "x", .negative_prompt = "abcd"}), "up to 3 characters"));
  EXPECT_TRUE(has(refused({.model = "x", .negative_prompt = "\xff"}), "UTF-8"));
  const Request taken{.model = "x",
                      .negative_prompt = "abc",
                      .aspect_ratio = "9:16",
                      .seed = 10,
                      .audio = Audio::on};
  EXPECT_TRUE(check_request(models.find("x"), taken).ok());
}

TEST(CheckPicture, bounds_the_whole_request) {
  const auto models = Models::with_rows_of(
      R"({"models":[{"model":"x","like":"viduq3-pro","max-body-bytes":1000}]})", "m");
  ASSERT_TRUE(models.ok());
  const auto& profile = models->find("x");
  Request request = with_bytes("x", 0);
  const auto around = encode_submit(profile, request).body.str().size();
  const auto most = (1000 - around) / 4 * 3;
  request = with_bytes("x", most);
  EXPECT_TRUE(check_pictures(profile, request).ok());
  EXPECT_LE(encode_submit(profile, request).body.str().size(), 1000u);
  request = with_bytes("x", most + 3);
  EXPECT_GT(encode_submit(profile, request).body.str().size(), 1000u);
  EXPECT_FALSE(check_pictures(profile, request).ok());
}

TEST(CheckPicture, names_the_picture_but_the_first_frame) {
  Request request{.model = "veo-3.1-generate-001",
                  .prompt = "go",
                  .picture = PictureBytes{.media_type = "image/png", .bytes = "x"},
                  .last_picture = PictureLink{"https://a.example/b.png"}};
  const auto last = check_picture_of(request);
  EXPECT_TRUE(refusal(last).starts_with("last-image: ")) << last.error().text;
  EXPECT_EQ(last.error().property, "last-image");
  std::swap(request.picture, request.last_picture);
  const auto first = check_picture_of(request);
  EXPECT_TRUE(refusal(first).starts_with("The model")) << first.error().text;
  EXPECT_EQ(first.error().property, "image");
  request = with_bytes("kling-v2-6", 9);
  request.last_picture = PictureBytes{.media_type = "image/webp", .bytes = "x"};
  EXPECT_TRUE(
      refusal(check_picture_of(request), ErrorCode::wrong_type).starts_with("last-image: "));
}

TEST(CheckPicture, knows_the_types_that_the_model_takes) {
  EXPECT_TRUE(check_picture_of(with_bytes("kling-v2-6", 9, "image/png")).ok());
  const auto text =
      refusal(check_picture_of(with_bytes("kling-v2-6", 9, "image/webp")), ErrorCode::wrong_type);
  EXPECT_TRUE(has(text, "image/jpeg, image/png") && has(text, "image/webp")) << text;
}

TEST(CheckPicture, refuses_a_link_where_only_bytes_are_taken) {
  Request request{.model = "veo-3.1-generate-001",
                  .prompt = "go",
                  .picture = PictureLink{"https://a.example/b.png"}};
  EXPECT_TRUE(has(refusal(check_picture_of(request)), "data: URI"));
  request.extra_input = {{"image", {Object{}}}};
  EXPECT_TRUE(check_picture_of(request).ok()) << "an extra stands in its place";
  request = {.model = "kling-v2-6", .prompt = "go", .picture = request.picture};
  EXPECT_TRUE(check_picture_of(request).ok());
}

TEST(Doubts, are_told_of_unknown_models_and_undocumented_forms) {
  const auto about = [](const Request& request) {
    return warnings_of(find_profile(request.model), request);
  };
  const auto withdrawn = about(with_bytes(default_model, 9));
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_TRUE(has(withdrawn[0].text, "2026-09-24") &&
              has(withdrawn[0].text, "doubao-seedance-2-0-260128"));
  EXPECT_TRUE(about(with_bytes("kling-v2-6", 9)).empty());
  const auto unknown = about(with_bytes("acme/x", 9));
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_TRUE(has(unknown[0].text, "acme/x"));
  ASSERT_EQ(about(with_bytes("Wan-AI/Wan2.6-I2V", 9)).size(), 1u);
  auto forced = with_bytes("kling-v2-6", 9);
  forced.image_encoding = ImageEncoding::data_uri;
  ASSERT_EQ(about(forced).size(), 1u);
  EXPECT_TRUE(has(about(forced)[0].text, "image-encoding"));
  forced.picture = PictureLink{"https://a.example/b.png"};
  EXPECT_TRUE(about(forced).empty());
}

TEST(PictureRules, are_those_of_the_resolution_and_of_the_model) {
  Request request{.model = default_model};
  const auto rules = [&] { return picture_rules(find_profile(request.model), request); };
  EXPECT_EQ(rules().frame_sizes, (std::vector<FrameSize>{{1280, 720}, {720, 1280}}));
  request.resolution = "1080P";
  EXPECT_EQ(rules().frame_sizes, (std::vector<FrameSize>{{1792, 1024}, {1024, 1792}}));
  request = {.model = "MiniMax-Hailuo-02"};
  EXPECT_TRUE(rules().frame_sizes.empty());
  EXPECT_EQ(rules().min_side, 301);
  EXPECT_EQ(rules().max_aspect, 2.5);
  request = {.model = "acme/x"};
  EXPECT_TRUE(rules().frame_sizes.empty() && rules().media_types.empty());
}

// With its resolutions it is one size, lying or standing.
TEST(PictureRules, let_the_picture_decide_how_the_video_lies) {
  Request request{.model = "openai/sora-2/image-to-video"};
  const auto& profile = find_profile(request.model);
  EXPECT_EQ(picture_rules(profile, request).frame_sizes,
            (std::vector<FrameSize>{{720, 1280}, {1280, 720}}));
  EXPECT_EQ(resolution_of_frame(profile, {1280, 720}), "1280x720");
  EXPECT_EQ(resolution_of_frame(profile, {720, 1280}), "");
  EXPECT_EQ(resolution_of_frame(profile, {0, 0}), "");
  request.resolution = "720x1280";
  EXPECT_EQ(picture_rules(profile, request).frame_sizes, (std::vector<FrameSize>{{720, 1280}}));
  EXPECT_EQ(resolution_of_frame(find_profile(default_model), {720, 1280}), "");
}

}  // namespace
}  // namespace modelverse::api
