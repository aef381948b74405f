// SPDX-License-Identifier: LGPL-2.1-or-later
// What a clip costs, by the built-in rows and by the user's.
#include "api/price.h"

#include <gtest/gtest.h>

#include "api/models.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

std::string cost(const Profile& profile, const Request& request) {
  const auto money = estimate_cost(profile, request);
  return money ? money_text(*money) : "unknown";
}

std::string cost(Request request) {
  if (request.model.empty())
    request.model = default_model;
  return cost(find_profile(request.model), request);
}

Models with_rows(const std::string& rows) {
  auto models = Models::with_rows_of("{\"models\":[" + rows + "]}", "m.json");
  EXPECT_TRUE(models.ok()) << models.error().text;
  return models.ok() ? std::move(models).value() : Models::built_in();
}

const std::string one_case =
    R"("price":{"currency":"USD","date":"2026-11-30","source":"own","cases":[{"per-second":2}]})";

TEST(Price, is_that_of_the_resolution_and_the_seconds) {
  EXPECT_EQ(cost({}), "8.56 CNY");  // the default model's 4 s of 720p
  EXPECT_EQ(cost({.resolution = "1080P", .duration = 12}), "42.72 CNY");
  EXPECT_EQ(cost({.model = "openai/sora-2/text-to-video-pro", .resolution = "1792x1024"}),
            "14.24 CNY");
}

TEST(Price, is_that_of_the_clip_where_the_vendor_has_no_price_of_a_second) {
  EXPECT_EQ(cost({.model = "MiniMax-Hailuo-2.3-Fast"}), "1.35 CNY");
  EXPECT_EQ(cost({.model = "MiniMax-Hailuo-2.3-Fast", .duration = 10}), "2.25 CNY");
  EXPECT_EQ(cost({.model = "MiniMax-Hailuo-2.3-Fast", .resolution = "1080P"}), "2.31 CNY");
  EXPECT_EQ(cost({.model = "kling-v2-6", .duration = 10}), "5.00 CNY");  // silent
}

TEST(Price, depends_on_the_sound_and_on_reference_pictures) {
  EXPECT_EQ(cost({.model = "kling-v2-6", .audio = Audio::on}), "5.00 CNY");
  EXPECT_EQ(cost({.model = "viduq2-turbo"}), "1.25 CNY");
  EXPECT_EQ(cost({.model = "viduq2-turbo", .audio = Audio::on}), "1.71875 CNY");
  EXPECT_EQ(cost({.model = "viduq2"}), "1.09 CNY");
  EXPECT_EQ(cost({.model = "viduq2", .references = {PictureLink{"https://a.example/b.png"}}}),
            "1.41 CNY");
}

TEST(Price, is_unknown_where_no_case_applies) {
  EXPECT_EQ(cost({.model = "acme/x"}), "unknown");
  EXPECT_EQ(cost({.model = "MiniMax-Hailuo-02", .resolution = "1080P", .duration = 10}), "unknown");
  EXPECT_EQ(cost({.model = "kling-v2-6", .extra_parameters = {{"mode", {std::string("std")}}}}),
            "unknown");
}

TEST(Price, adds_a_clips_own_to_that_of_its_seconds) {
  const auto models =
      with_rows(R"({"model":"x","like":"kling-v2-6","price":{"currency":"USD","date":"2026-11-30",)"
                R"("source":"own","cases":[{"per-second":0.5,"per-clip":0.25}]}})");
  EXPECT_EQ(cost(models.find("x"), {.duration = 10}), "5.25 USD");
}

struct Extra {
  const char* name;
  Value value;
  const char* cost;
};

class Extras : public testing::TestWithParam<Extra> {};

TEST_P(Extras, have_their_price_or_make_it_unknown) {
  EXPECT_EQ(cost({.extra_parameters = {{GetParam().name, GetParam().value}}}), GetParam().cost);
}

INSTANTIATE_TEST_SUITE_P(All, Extras,
                         testing::Values(Extra{"resolution", {std::string("1080p")}, "14.24 CNY"},
                                         Extra{"resolution", {std::string("4K")}, "unknown"},
                                         Extra{"duration", {std::int64_t{8}}, "17.12 CNY"},
                                         Extra{"duration", {std::int64_t{-8}}, "unknown"},
                                         Extra{"duration", {std::string("8")}, "unknown"},
                                         Extra{"seed", {std::int64_t{8}}, "8.56 CNY"},
                                         Extra{"n", {std::int64_t{4}}, "unknown"}));

TEST(Price, of_another_model_is_not_taken_over_from_the_row_that_it_is_like) {
  const auto models = with_rows(R"({"model":"x","like":"kling-v2-6"})");
  EXPECT_EQ(cost(models.find("x"), {}), "unknown");
}

TEST(Price, can_be_corrected_and_taken_away_by_the_user) {
  const auto models = with_rows(R"({"model":"kling-v2-6",)" + one_case +
                                R"(},{"model":"MiniMax-Hailuo-02","price":null})");
  EXPECT_EQ(cost(models.find("kling-v2-6"), {}), "10.00 USD");
  EXPECT_EQ(cost(models.find("MiniMax-Hailuo-02"), {}), "unknown");
  EXPECT_EQ(cost(with_rows(R"({"model":"kling-v2-6","min-side":1})").find("kling-v2-6"), {}),
            "2.50 CNY");
}

}  // namespace
}  // namespace modelverse::api
