// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>
#include <gtest/gtest.h>

#include "api/wire.h"
#include "core/settings.h"
#include "fixtures.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

std::string encode(const Request& request) {
  return encode_submit(find_profile(request.model), request).body;
}

Request with_link() {
  return {.model = default_model,
          .prompt = "The image is coming to life",
          .picture = PictureLink{"https://example.com/photo.jpg"}};
}

Request with_bytes(std::string bytes) {
  return {.model = default_model,
          .picture = PictureBytes{.media_type = "image/png", .bytes = std::move(bytes)}};
}

TEST(EncodeSubmit, writes_the_golden_request) {
  EXPECT_EQ(encode(with_link()), fixture("submit_request.json"));
}

TEST(EncodeSubmit, sends_defaults_as_if_they_were_set) {
  auto request = with_link();
  const auto by_default = encode(request);
  request.resolution = "720p";
  request.duration = 4;
  EXPECT_EQ(encode(request), by_default);
}

Request kling() {
  return {
      .model = "kling-v3", .prompt = "go", .picture = PictureLink{"https://example.com/photo.jpg"}};
}

SubmitRequest with_id(const Request& request) {
  return encode_submit(find_profile(request.model), request, "id-1");
}

std::string body_with_id(const Request& request) {
  return with_id(request).body;
}

TEST(ExternalId, stands_in_the_parameters_of_a_model_that_has_the_field) {
  const auto body = body_with_id(kling());
  EXPECT_NE(body.find(R"("external_task_id":"id-1"}})"), std::string::npos) << body;
  EXPECT_EQ(body_with_id(with_link()), encode(with_link())) << "the model has none";
  auto unknown = with_link();
  unknown.model = "acme/unknown";
  EXPECT_EQ(body_with_id(unknown), encode(unknown));
}

TEST(ExternalId, stands_beside_a_picture_in_bytes) {
  auto request = kling();
  request.picture = PictureBytes{.media_type = "image/png", .bytes = png_signature};
  const auto body = body_with_id(request);
  EXPECT_NE(body.find(R"("external_task_id":"id-1")"), std::string::npos) << body;
  EXPECT_NE(body.find("iVBORw0KGgo="), std::string::npos) << body;
}

TEST(ExternalId, is_the_users_where_an_extra_sets_it) {
  auto request = kling();
  request.extra_parameters = {{"external_task_id", {std::string("mine")}}};
  EXPECT_EQ(with_id(request).external_id, "mine");
  const auto body = body_with_id(request);
  EXPECT_NE(body.find(R"("external_task_id":"mine")"), std::string::npos) << body;
  EXPECT_EQ(body.find("id-1"), std::string::npos) << body;
  request.extra_input = std::move(request.extra_parameters);
  request.extra_parameters = {};
  EXPECT_EQ(with_id(request).external_id, "mine");
}

TEST(ExternalId, is_none_where_an_extra_holds_what_is_no_id) {
  auto request = kling();
  for (const Value& value : {Value{std::int64_t{5}}, Value{nullptr}, Value{std::string()},
                             Value{std::string("a\nb")}, Value{std::string(513, 'a')}}) {
    request.extra_parameters = {{"external_task_id", value}};
    EXPECT_EQ(with_id(request).external_id, "");
    EXPECT_EQ(body_with_id(request), encode(request));
  }
}

TEST(EncodeSubmit, sends_bare_base64_where_it_is_asked_for) {
  auto request = with_bytes(png_signature);
  request.image_encoding = ImageEncoding::base64;
  EXPECT_NE(encode(request).find(R"("first_frame_url":"iVBORw0KGgo=")"), std::string::npos);
  request.image_encoding = ImageEncoding::data_uri;
  EXPECT_NE(encode(request).find(R"("data:image/png;base64,iVBORw0KGgo=")"), std::string::npos);
}

TEST(EncodeSubmit, encodes_pictures_of_every_length) {
  for (std::size_t length = 0; length < 20; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i)
      bytes += static_cast<char>(251 * i);
    gchar* expected = g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
    EXPECT_NE(encode(with_bytes(bytes)).find(std::string(";base64,") + expected + "\"},"),
              std::string::npos)
        << length;
    g_free(expected);
  }
}

TEST(EncodeSubmit, puts_each_of_several_pictures_in_its_place) {
  Request request{.model = "acme/x"};
  request.picture = PictureBytes{.media_type = "image/png", .bytes = "1"};
  request.last_picture = PictureLink{"https://example.com/l.png"};
  request.references = {PictureBytes{.media_type = "image/jpeg", .bytes = "2"},
                        PictureLink{"https://example.com/r.png"},
                        PictureBytes{.media_type = "image/webp", .bytes = "3"}};
  EXPECT_EQ(encode(request),
            R"({"model":"acme/x","input":{"first_frame_url":"data:image/png;base64,MQ==",)"
            R"("last_frame_url":"https://example.com/l.png","images":[)"
            R"("data:image/jpeg;base64,Mg==","https://example.com/r.png",)"
            R"("data:image/webp;base64,Mw=="]},"parameters":{}})");
}

TEST(EncodeSubmit, sends_an_unknown_model_only_what_was_set) {
  Request request{.model = "someone/new-model",
                  .picture = PictureLink{"https://example.com/a.png"}};
  EXPECT_EQ(
      encode(request),
      R"({"model":"someone/new-model","input":{"first_frame_url":"https://example.com/a.png"},)"
      R"("parameters":{}})");
  request.resolution = "2K";
  request.duration = 5;
  EXPECT_NE(encode(request).find(R"("parameters":{"resolution":"2K","duration":5})"),
            std::string::npos);
}

TEST(EncodeSubmit, lets_an_extra_win_in_the_place_of_our_own) {
  auto request = with_bytes("x");
  request.prompt = "ours";
  request.extra_input = {{"prompt", {std::string("theirs")}}, {"seed", {std::int64_t{7}}}};
  request.extra_parameters = {{"duration", {Object{{"min", {1.5}}}}}, {"audio", {false}}};
  EXPECT_EQ(encode(request),
            R"({"model":"openai/sora-2/image-to-video-pro","input":{)"
            R"("first_frame_url":"data:image/png;base64,eA==","prompt":"theirs","seed":7},)"
            R"("parameters":{"resolution":"720p","duration":{"min":1.5},"audio":false}})");
}

TEST(EncodeSubmit, does_not_send_a_picture_that_an_extra_replaces) {
  auto request = with_bytes("x");
  request.extra_input = {{"first_frame_url", {std::string("https://example.com/b.png")}}};
  EXPECT_NE(encode(request).find(R"("input":{"first_frame_url":"https://example.com/b.png"})"),
            std::string::npos);
}

TEST(EncodeSubmit, escapes_what_the_user_wrote) {
  auto request = with_link();
  request.prompt = "a \"quote\"\n\\ 猫";
  EXPECT_NE(encode(request).find(R"("prompt":"a \"quote\"\n\\ 猫")"), std::string::npos);
}

TEST(EncodeSubmit, takes_a_picture_of_40_mb) {
  const std::size_t size = 40u << 20;
  EXPECT_GT(encode(with_bytes(std::string(size, 'x'))).size(), size / 3 * 4);
}

TEST(Routes, escape_a_hostile_task_id_whole) {
  EXPECT_EQ(submit_path(), "/v1/tasks/submit");
  EXPECT_EQ(status_path("abc-1_2.3~X"), "/v1/tasks/status?task_id=abc-1_2.3~X");
  EXPECT_EQ(status_path("../x?a=1&b#c"), "/v1/tasks/status?task_id=..%2Fx%3Fa%3D1%26b%23c");
  EXPECT_EQ(status_path("a\r\nHost: x"), "/v1/tasks/status?task_id=a%0D%0AHost%3A%20x");
  EXPECT_EQ(status_path("猫%2F+\xff"), "/v1/tasks/status?task_id=%E7%8C%AB%252F%2B%FF");
  EXPECT_EQ(status_path(std::string_view("a\0b", 3)), "/v1/tasks/status?task_id=a%00b");
}

}  // namespace
}  // namespace modelverse::api
