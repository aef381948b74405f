// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/profile.h"

#include <gtest/gtest.h>
#include "api/check.h"

#include <limits>

#include "core/settings.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

Request default_request() {
  return {.model = default_model};
}

Status check(const Request& request) {
  return check_request(find_profile(request.model), request);
}

bool refuses(const Request& request, const std::string& word) {
  const auto status = check(request);
  return !status.ok() && status.error().code == ErrorCode::settings &&
         status.error().text.find(word) != std::string::npos && !status.error().debug.empty();
}

TEST(CheckRequest, lists_the_values_when_it_refuses) {
  auto request = default_request();
  request.resolution = "480p";
  EXPECT_TRUE(refuses(request, "720p, 1080p"));
  for (const int duration : {-4, 1, 5, 16}) {
    request = default_request();
    request.duration = duration;
    EXPECT_TRUE(refuses(request, "4, 8, 12")) << duration;
  }
  EXPECT_TRUE(refuses({.model = "someone/new-model", .duration = -1}, "positive"));
  EXPECT_TRUE(check({.model = "someone/new-model", .resolution = "9K", .duration = 77}).ok());
}

TEST(CheckRequest, refuses_what_json_cannot_say) {
  auto request = default_request();
  request.model.clear();
  EXPECT_TRUE(refuses(request, "model"));
  request.model = "m\xff";
  EXPECT_TRUE(refuses(request, "model"));
  request = default_request();
  request.prompt = "caf\xe9";
  EXPECT_TRUE(refuses(request, "prompt"));
  request = default_request();
  request.extra_input = {{"a", {Array{{std::string("\xff")}}}}};
  EXPECT_TRUE(refuses(request, "extra-input"));
  request = default_request();
  request.extra_parameters = {{"\xff", {true}}};
  EXPECT_TRUE(refuses(request, "extra-parameters"));
  request.extra_parameters = {{"a", {Object{{"b", {std::numeric_limits<double>::infinity()}}}}}};
  EXPECT_TRUE(refuses(request, "extra-parameters"));
}

TEST(CheckRequest, bounds_the_nesting_of_extras) {
  auto nested = [](int depth) {
    Value value{true};
    for (int i = 0; i < depth; ++i)
      value = Value{Array{std::move(value)}};
    Request request = default_request();
    request.extra_input = {{"a", std::move(value)}};
    return request;
  };
  EXPECT_TRUE(check(nested(20)).ok());
  EXPECT_TRUE(refuses(nested(100), "deep"));
}

TEST(Durations, are_listed_with_ranges_where_there_are_three_in_a_row) {
  EXPECT_EQ(list_durations({}), "");
  EXPECT_EQ(list_durations({5}), "5");
  EXPECT_EQ(list_durations({5, 6}), "5, 6");
  EXPECT_EQ(list_durations({4, 8, 12}), "4, 8, 12");
  EXPECT_EQ(list_durations({1, 2, 3, 5, 7, 8, 9, 10}), "1-3, 5, 7-10");
}

TEST(UsualGenerationTime, grows_with_the_duration) {
  const auto& profile = find_profile(default_model);
  auto request = default_request();
  EXPECT_EQ(usual_generation_seconds(profile, request), 90);
  request.duration = 4;
  EXPECT_EQ(usual_generation_seconds(profile, request), 90);
  request.duration = 8;
  EXPECT_EQ(usual_generation_seconds(profile, request), 180);
  request.duration = 12;
  EXPECT_EQ(usual_generation_seconds(profile, request), 270);
  request = {.model = "new", .duration = std::numeric_limits<int>::max()};
  EXPECT_GT(usual_generation_seconds(find_profile("new"), request), 270);
}

TEST(UsualGenerationTime, is_that_of_the_resolution_and_duration_where_the_vendor_says_so) {
  const auto seconds = [](const char* model, const char* resolution, int duration,
                          bool has_references = false) {
    Request request{.model = model, .resolution = resolution, .duration = duration};
    const auto& row = find_profile(model);
    const auto* profile =
        row.modes.empty()
            ? &row
            : find_mode(row,
                        {.first = model != std::string("viduq2"), .references = has_references},
                        request);
    return profile ? usual_generation_seconds(*profile, request) : 0;
  };
  EXPECT_EQ(seconds("viduq2-pro", "540p", 5), 30);
  EXPECT_EQ(seconds("viduq2-pro", "1080P", 10), 196);
  EXPECT_EQ(seconds("viduq2-pro", "", 0), 72);            // 720p, 5 s
  EXPECT_EQ(seconds("viduq2-pro", "360p", 5), 72);        // not on the page
  EXPECT_EQ(seconds("viduq2-pro-fast", "720p", 10), 30);  // likewise: 8 s take 24 s
  EXPECT_EQ(seconds("viduq2", "720p", 5), 23);
  EXPECT_EQ(seconds("viduq2", "720p", 5, true), 29);
}

}  // namespace
}  // namespace modelverse::api
