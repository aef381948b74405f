// SPDX-License-Identifier: LGPL-2.1-or-later
// The values in here name entries on users' disks: a change of one is a loss of theirs.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

#include "api/wire.h"
#include "core/settings.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

constexpr const char* origin = "https://api.modelverse.cn";

std::string key(const Request& request, std::string_view where = origin) {
  return request_key(find_profile(request.model), request, where);
}

Request linked() {
  return {.model = default_model,
          .prompt = "The image is coming to life",
          .picture = PictureLink{"https://example.com/a.png"}};
}

Request with_everything() {
  return {
      .model = default_model,
      .prompt = "猫",
      .resolution = "1080p",
      .duration = 8,
      .picture = PictureBytes{.media_type = "image/png", .bytes = "\x89PNG\r\n\x1a\n"},
      .extra_input = {{"seed", {std::int64_t{7}}}},
      .extra_parameters = {{"nested",
                            {Object{{"b", {Array{{true}, {nullptr}, {0.5}}}},
                                    {"a", {std::string("x")}}}}}},
      .take = 3,
  };
}

// Computed apart from this code, from the recipe in request_key.cpp.
TEST(RequestKey, is_what_it_always_was) {
  EXPECT_EQ(key(linked()), "47a1ff355786759738d450612d9d7a08042139f3e25877ae51cf53bf5970832d");
  EXPECT_EQ(key(with_everything()),
            "191b12077e4cf48c6d2a46b665762bc32f06bd16338ecb97da3ad16b13ae46ff");
  auto changed = with_everything();
  std::get<PictureBytes>(changed.picture).change = "fit 1 crop 1280x720";
  EXPECT_EQ(key(changed), "b779bc2e675247e0171eef59e6ea8b624a61e457ce5dcfea45dfd355da106023");
  EXPECT_EQ(adopted_task_key("task_id", origin),
            "af2c3866defee5dc22fcd0497250f67003cf732509ac5372168f3918b2498a7d");
  EXPECT_EQ(further_clip_key("task_id", origin, 1),
            "8e514d768e29a95a06710177d79ec2d15c9dc21cc9ac0e77fea862702a783fcd");
}

TEST(RequestKey, is_the_same_for_a_default_and_its_value) {
  auto request = linked();
  request.resolution = "720p";
  request.duration = 4;
  EXPECT_EQ(key(request), key(linked()));
  auto bytes = with_everything();
  bytes.image_encoding = ImageEncoding::data_uri;
  EXPECT_EQ(key(bytes), key(with_everything()));
}

TEST(RequestKey, does_not_depend_on_the_order_or_the_way_of_extras) {
  auto request = linked();
  request.extra_input = {{"a", {std::int64_t{1}}}, {"b", {std::int64_t{2}}}};
  auto other = linked();
  other.extra_input = {{"b", {std::int64_t{2}}}, {"a", {std::int64_t{1}}}};
  EXPECT_EQ(key(request), key(other));
  auto by_property = linked();
  by_property.duration = 8;
  auto by_extra = linked();
  by_extra.extra_parameters = {{"duration", {std::int64_t{8}}}};
  EXPECT_EQ(key(by_property), key(by_extra));
}

const std::vector<std::function<void(Request&)>> changes = {
    [](Request&) {},
    [](Request& r) { r.model = "another/model"; },
    [](Request& r) { r.prompt = r.prompt.str() + "."; },
    [](Request& r) { r.prompt.clear(); },
    [](Request& r) { r.resolution = "720p"; },
    [](Request& r) { r.duration = 12; },
    [](Request& r) { r.take = 4; },
    [](Request& r) { r.image_encoding = ImageEncoding::base64; },
    [](Request& r) { r.picture = std::monostate{}; },
    [](Request& r) { r.picture = PictureLink{"https://example.com/a.png"}; },
    [](Request& r) { r.picture = PictureLink{"https://example.com/b.png"}; },
    [](Request& r) { std::get<PictureBytes>(r.picture).bytes += 'x'; },
    [](Request& r) { std::get<PictureBytes>(r.picture).media_type = "image/jpeg"; },
    [](Request& r) { std::get<PictureBytes>(r.picture).change = "fit 1 crop 1280x720"; },
    [](Request& r) { std::get<PictureBytes>(r.picture).change = "fit 1 pad 1280x720"; },
    // Raw frames: the same bytes are other pictures.
    [](Request& r) {
      r.image_encoding = ImageEncoding::base64;
      std::get<PictureBytes>(r.picture) = {"video/x-raw, format=(string)RGB", "abc", "crop"};
    },
    [](Request& r) {
      r.image_encoding = ImageEncoding::base64;
      std::get<PictureBytes>(r.picture) = {"video/x-raw, format=(string)BGR", "abc", "crop"};
    },
    [](Request& r) { r.extra_input.clear(); },
    [](Request& r) {
      r.extra_input = {{"seed", {std::int64_t{8}}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {8.0}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {std::string("8")}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {nullptr}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {false}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {true}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {Array{}}}};
    },
    [](Request& r) {
      r.extra_input = {{"seed", {Object{}}}};
    },
    [](Request& r) { r.extra_parameters.clear(); },
};

TEST(RequestKey, differs_for_everything_that_makes_another_clip) {
  std::set<std::string> keys;
  for (const auto& change : changes) {
    auto request = with_everything();
    change(request);
    keys.insert(key(request));
  }
  EXPECT_EQ(keys.size(), changes.size());
  EXPECT_FALSE(keys.contains(key(with_everything(), "https://api.umodelverse.ai")));
}

// An unknown model has a field for everything.
Request with_every_picture() {
  auto request = with_everything();
  request.model = "acme/x";
  request.last_picture = PictureBytes{.media_type = "image/png", .bytes = "last"};
  request.references = {PictureBytes{.media_type = "image/png", .bytes = "a"},
                        PictureLink{"https://example.com/r.png"},
                        PictureBytes{.media_type = "image/png", .bytes = "b"}};
  return request;
}

// Computed apart from this code, from the recipe in request_key.cpp.
TEST(RequestKey, of_several_pictures_is_what_it_always_was) {
  EXPECT_EQ(key(with_every_picture()),
            "98fd3e9dfa4bff7bcc9f65be90074845f2c75070d84416e86714f1e9c5c2ad79");
}

TEST(RequestKey, differs_for_each_picture_its_role_and_its_place) {
  const std::vector<std::function<void(Request&)>> picture_changes = {
      [](Request&) {},
      [](Request& r) { std::swap(r.picture, r.last_picture); },
      [](Request& r) { std::swap(r.last_picture, r.references[0]); },
      [](Request& r) { std::swap(r.references[0], r.references[1]); },
      [](Request& r) { std::swap(r.references[0], r.references[2]); },
      [](Request& r) { r.references.pop_back(); },
      [](Request& r) { r.last_picture = {}; },
      [](Request& r) { std::get<PictureBytes>(r.last_picture).change = "fit 1 crop 1280x720"; },
      [](Request& r) { r.negative_prompt = "no"; },
      [](Request& r) { r.aspect_ratio = "1:1"; },
      [](Request& r) { r.seed = 0; },
      [](Request& r) { r.audio = Audio::on; },
      [](Request& r) { r.audio = Audio::off; },
  };
  std::set<std::string> keys;
  for (const auto& change : picture_changes) {
    auto request = with_every_picture();
    change(request);
    keys.insert(key(request));
  }
  EXPECT_EQ(keys.size(), picture_changes.size());
}

TEST(RequestKey, does_not_see_a_picture_that_an_extra_replaces) {
  auto request = with_everything();
  request.extra_input = {{"first_frame_url", {std::string("https://example.com/b.png")}}};
  auto other = request;
  other.picture = PictureBytes{.media_type = "image/gif", .bytes = "other"};
  EXPECT_EQ(key(request), key(other));
}

TEST(AdoptedTaskKey, differs_by_task_and_origin) {
  const std::set<std::string> keys = {
      adopted_task_key("a", origin), adopted_task_key("b", origin), adopted_task_key("", origin),
      adopted_task_key("a", "https://api.umodelverse.ai"), adopted_task_key("../a\n", origin)};
  EXPECT_EQ(keys.size(), 5u);
  for (const auto& one : keys)
    EXPECT_EQ(one.size(), 64u);
}

}  // namespace
}  // namespace modelverse::api
