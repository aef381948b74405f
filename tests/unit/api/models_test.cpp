// SPDX-License-Identifier: LGPL-2.1-or-later
// The rows compiled in: each is whole, has its fixture, and says what its page says.
#include "api/models.h"

#include <glib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "api/body_template.h"
#include "api/check.h"
#include "api/check_fields.h"
#include "api/wire.h"
#include "core/settings.h"
#include "fixtures.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& row : Models::built_in().rows())
    names.push_back(row.model);
  return names;
}

std::string fixture_name(std::string model) {
  std::replace(model.begin(), model.end(), '/', '_');
  return model + ".json";
}

// A first line that begins with # names the vendor's document, the body follows.
struct GoldenRequest {
  std::string page;
  std::string body;
};

GoldenRequest golden(const std::string& model) {
  const auto text = fixture("models/" + fixture_name(model));
  const auto end = text.find('\n');
  EXPECT_TRUE(text.starts_with("# ") && end != std::string::npos) << model;
  return {text.substr(0, end), text.substr(std::min(end, text.size() - 1) + 1)};
}

Request usual_request(const Profile& row) {
  Request request{.model = row.model, .prompt = "make it move"};
  const PictureBytes picture{.media_type = "image/png", .bytes = png_signature};
  if (row.picture != PictureUse::none)
    request.picture = picture;
  else if (row.references == PictureUse::required)
    request.references = {picture};
  return request;
}

// The profile that the request is sent with.
const Profile& profile_of(const Request& request) {
  const auto found = profile_for(Models::built_in(), roles_of(request), request);
  EXPECT_TRUE(found.ok()) << found.error().text;
  return found ? **found : find_profile(request.model);
}

class EachModel : public testing::TestWithParam<std::string> {
 protected:
  const Profile& row() const { return find_profile(GetParam()); }
};

TEST_P(EachModel, is_sent_as_its_golden_request) {
  const auto request = usual_request(row());
  const auto& profile = profile_of(request);
  ASSERT_TRUE(check_request(profile, request).ok());
  ASSERT_TRUE(check_pictures(profile, request).ok());
  const auto [page, body] = golden(GetParam());
  EXPECT_EQ(encode_submit(profile, request).body.str(), body);
  EXPECT_NE(page.find(row().page), std::string::npos) << page;
}

TEST_P(EachModel, names_every_value_that_it_takes_and_no_other) {
  auto request = usual_request(row());
  const auto& profile = profile_of(request);
  ASSERT_FALSE(profile.resolutions.empty());
  for (const auto& resolution : profile.resolutions) {
    request.resolution = resolution.name;
    request.duration = 0;
    EXPECT_TRUE(check_request(profile, request).ok()) << resolution.name;
    for (const int duration : durations_at(profile, resolution.name)) {
      request.duration = duration;
      EXPECT_TRUE(check_request(profile, request).ok()) << resolution.name << duration;
    }
  }
  request.duration = 0;
  request.resolution = "9K";
  const auto refused = check_request(profile, request);
  ASSERT_FALSE(refused.ok());
  for (const auto& resolution : profile.resolutions)
    EXPECT_NE(refused.error().text.find(resolution.name), std::string::npos);
  request.resolution.clear();
  request.duration = 17;
  EXPECT_FALSE(check_request(profile, request).ok());
}

TEST_P(EachModel, keeps_its_picture_out_of_the_rest_of_the_key) {
  auto request = usual_request(row());
  const auto& profile = profile_of(request);
  const auto key = request_key(profile, request, "https://a.example");
  auto* picture = std::get_if<PictureBytes>(
      request.references.empty() ? &request.picture : &request.references.front());
  if (!picture)
    return;
  picture->bytes += "x";
  EXPECT_NE(request_key(profile, request, "https://a.example"), key);
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EachModel, testing::ValuesIn(model_names()),
                         [](const auto& shown) {
                           auto name = shown.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return !g_ascii_isalnum(c); }, '_');
                           return name;
                         });

TEST(Models, have_a_row_each_with_a_fixture_and_no_fixture_without_a_row) {
  std::set<std::string> expected;
  for (const auto& name : model_names())
    expected.insert(fixture_name(name));
  EXPECT_EQ(expected.size(), model_names().size());
  std::set<std::string> found;
  for (const auto& file : std::filesystem::directory_iterator(std::string(FIXTURES) + "/models"))
    found.insert(file.path().filename().string());
  EXPECT_EQ(found, expected);
  EXPECT_GE(found.size(), 33u);
}

TEST(Models, know_the_default_model_and_the_one_that_stands_for_others) {
  EXPECT_TRUE(find_profile(default_model).is_known);
  const auto& unknown = find_profile("someone/new-model");
  EXPECT_FALSE(unknown.is_known);
  EXPECT_TRUE(unknown.resolutions.empty());
  EXPECT_TRUE(unknown.durations.empty());
  EXPECT_EQ(unknown.picture, PictureUse::optional);
  EXPECT_EQ(find_placeholder(unknown.body, picture_placeholder).path, "input.first_frame_url");
}

// Computed apart from this code, from the recipe in request_key.cpp.
TEST(RequestKeyOfModels, is_what_it_always_was) {
  const auto key = [](const char* model) {
    const auto request = usual_request(find_profile(model));
    return request_key(profile_of(request), request, "https://api.modelverse.cn");
  };
  EXPECT_EQ(key("veo-3.1-generate-001"),
            "aa9492c1b43cec70afea09322973812ea846461b57fe08bbfa1a94070de27d3a");
  EXPECT_EQ(key("doubao-seedance-1-5-pro-251215"),
            "f1dd45c5b2af3e925da8eefffa4a93f8f908b767757e5c66fd74078aa8c8e710");
  EXPECT_EQ(key("kling-v2-6"), "977178cf646dc1d401f8a4516d170db54f60b3108a712d1e4e466610b3ad7538");
  EXPECT_EQ(key("Wan-AI/Wan2.5-T2V"),
            "b88a322e4b0fcae63c2af19296be496e5c94ce198cc135d496a8d9e6d51ef71c");
}

}  // namespace
}  // namespace modelverse::api
