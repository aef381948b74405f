// SPDX-License-Identifier: LGPL-2.1-or-later
// A user's own rows: what they change, and what is said of those that are wrong.
#include "api/model_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/check.h"
#include "api/models.h"
#include "api/wire.h"
#include "core/settings.h"
#include "support/requests.h"

namespace modelverse::api {
namespace {

Result<Models> read(const std::string& rows) {
  return Models::with_rows_of("{\"models\":[" + rows + "]}", "m.json");
}

// The user's row for `model`, which must be one that can be read.
Profile row(const std::string& rows, const std::string& model = "acme/x") {
  const auto models = read(rows);
  EXPECT_TRUE(models.ok()) << models.error().text;
  return models.ok() ? models->find(model) : Profile();
}

const std::string small_body =
    R"("body":{"input":{"i":"{picture}","p":"{prompt}"},"parameters":{"r":"{resolution}","d":"{duration}"}})";

TEST(ModelRows, need_no_more_than_a_name_and_a_body) {
  const auto profile = row(R"({"model":"acme/x",)" + small_body + "}");
  EXPECT_TRUE(profile.is_known);
  EXPECT_EQ(profile.picture, PictureUse::required);
  EXPECT_TRUE(profile.picture_forms.link && profile.picture_forms.base64);
  const Request request{.model = "acme/x",
                        .prompt = "go",
                        .resolution = "any",
                        .duration = 99,
                        .picture = PictureLink{"https://a.example/b.png"}};
  EXPECT_TRUE(check_request(profile, request).ok());
  EXPECT_EQ(encode_submit(profile, request).body.str(),
            R"({"model":"acme/x","input":{"i":"https://a.example/b.png","p":"go"},)"
            R"("parameters":{"r":"any","d":99}})");
}

TEST(ModelRows, take_every_member) {
  const auto profile = row(
      R"({"model":"acme/x",)" + small_body +
      R"(,"page":"p.md","note":"n","picture":"optional","picture-forms":["base64"],)"
      R"("needs-prompt":true,"max-prompt":10,"default-resolution":"b","default-duration":7,)"
      R"("resolutions":["a",{"name":"b","frames":["20x10"],"durations":[7]}],)"
      R"("durations":["5-7",9],"media-types":["image/png"],"max-bytes":100,"max-body-bytes":200,)"
      R"("min-side":3,"max-aspect":1.5,"external-id":"own_id","usual-seconds":12})");
  EXPECT_EQ(profile.external_id, "own_id");
  EXPECT_EQ(profile.page, "p.md");
  EXPECT_EQ(profile.picture, PictureUse::optional);
  EXPECT_TRUE(!profile.picture_forms.link && !profile.picture_forms.data_uri);
  EXPECT_TRUE(profile.needs_prompt);
  EXPECT_EQ(profile.max_prompt, 10);
  EXPECT_EQ(profile.default_resolution, "b");
  EXPECT_EQ(profile.default_duration, 7);
  EXPECT_EQ(profile.durations, (std::vector<int>{5, 6, 7, 9}));
  EXPECT_EQ(durations_at(profile, "B"), std::vector<int>{7});
  EXPECT_EQ(profile.max_body_bytes, 200u);
  EXPECT_EQ(profile.usual_generation_seconds, 12);
  const auto rules = picture_rules(profile, {.model = "acme/x"});
  EXPECT_EQ(rules.frame_sizes, (std::vector<FrameSize>{{20, 10}}));
  EXPECT_EQ(rules.media_types, std::vector<std::string>{"image/png"});
  EXPECT_EQ(rules.max_bytes, 100u);
  EXPECT_EQ(rules.min_side, 3);
  EXPECT_EQ(rules.max_aspect, 1.5);
}

TEST(ModelRows, take_the_members_of_the_newer_models) {
  const auto profile = row(
      R"({"model":"acme/x",)" + small_body +
      R"(,)"
      R"("max-negative-prompt":11,"aspect-ratios":["1:1","2:1"],"default-aspect-ratio":"2:1",)"
      R"("aspect-ratio-follows":true,"seeds":[1,9],"audio":{"on":"yes","off":0,"default":"off"},)"
      R"("headers":{"X-A":"b"},"withdrawn":{"date":"2026-09-24","successor":"acme/y"}})");
  EXPECT_EQ(profile.max_negative_prompt, 11);
  EXPECT_EQ(profile.aspect_ratios, (std::vector<std::string>{"1:1", "2:1"}));
  EXPECT_EQ(profile.default_aspect_ratio, "2:1");
  EXPECT_TRUE(profile.does_aspect_ratio_follow);
  EXPECT_EQ(profile.min_seed, 1);
  EXPECT_EQ(profile.max_seed, 9);
  EXPECT_EQ(std::get<std::string>(profile.audio.on->data), "yes");
  EXPECT_EQ(std::get<std::int64_t>(sent_audio(profile, {})->data), 0);
  ASSERT_EQ(profile.headers.size(), 1u);
  EXPECT_EQ(profile.headers[0].name, "X-A");
  EXPECT_EQ(profile.withdrawn->successor, "acme/y");
}

TEST(ModelRows, change_only_what_they_name_of_the_row_they_start_from) {
  const auto sibling = row(R"({"model":"acme/x","like":"kling-v2-6","durations":[3]})");
  EXPECT_EQ(sibling.default_resolution, "pro");
  EXPECT_EQ(sibling.default_duration, 3);
  EXPECT_EQ(sibling.limits.max_bytes, 10'485'760u);
  const std::string kling = "kling-v2-6";
  const auto changed = row(R"({"model":"kling-v2-6","resolutions":["std","pro"]})", kling);
  EXPECT_EQ(changed.default_resolution, "pro");
  EXPECT_EQ(changed.durations, (std::vector<int>{5, 10}));
  const auto chained = row(R"({"model":"y","like":"kling-v2-6","max-bytes":7},)"
                           R"({"model":"acme/x","like":"y"})");
  EXPECT_EQ(chained.limits.max_bytes, 7u);
  EXPECT_EQ(row(R"({"model":"kling-v2-6","max-bytes":0})", kling).limits.max_bytes, 0u);
}

TEST(ModelRows, leave_the_others_as_they_are) {
  const auto models = read(R"({"model":"acme/x","like":"kling-v2-6"})");
  ASSERT_TRUE(models.ok());
  EXPECT_EQ(models->rows().size(), Models::built_in().rows().size() + 1);
  EXPECT_EQ(models->find(default_model).default_duration, 4);
  EXPECT_FALSE(models->find("acme/y").is_known);
  const auto changed = read(R"({"model":"openai/sora-2/image-to-video-pro","durations":[9]})");
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed->find(default_model).default_duration, 9);
  EXPECT_TRUE(changed->find("acme/y").durations.empty());
  EXPECT_EQ(find_profile(default_model).default_duration, 4);
}

// The wire shapes of the vendor's schemas, each in one row of the user's own.
struct Shape {
  const char* serializer;
  const char* row;   // its body, and what else it needs
  const char* sent;  // with a first frame, a last frame and two references
};

const Shape shapes[] = {
    {"direct-url",
     R"("picture-forms":["data-uri"],"body":{"input":{"f":"{picture}","l":"{last-picture}"}})",
     R"("input":{"f":"data:image/png;base64,MQ==","l":"data:image/jpeg;base64,Mg=="},)"
     R"("parameters":{})"},
    {"raw-base64-or-url",
     R"("picture-forms":["link","base64"],"body":{"parameters":{"f":"{picture}","l":"{last-picture}"}})",
     R"("input":{},"parameters":{"f":"MQ==","l":"Mg=="})"},
    {"url-array", R"("body":{"input":{"i":["{picture}","{reference}"]}})",
     R"("input":{"i":["data:image/png;base64,MQ==","https://a.example/3.png",)"
     R"("data:image/png;base64,NA=="]},"parameters":{})"},
    {"base64-object",
     R"("picture-forms":["base64"],"body":{"input":{"f":{"b":"{picture}","m":"{media-type}"},)"
     R"("l":{"b":"{last-picture}","m":"{last-media-type}"}}})",
     R"("input":{"f":{"b":"MQ==","m":"image/png"},"l":{"b":"Mg==","m":"image/jpeg"}},)"
     R"("parameters":{})"},
    {"array-object",
     R"("picture-forms":["link","base64"],"body":{"parameters":{"i":[{"u":"{picture}","t":"first"},)"
     R"({"u":"{last-picture}","t":"end"},{"u":"{reference}"}]}})",
     R"("input":{},"parameters":{"i":[{"u":"MQ==","t":"first"},{"u":"Mg==","t":"end"},)"
     R"({"u":"https://a.example/3.png"},{"u":"NA=="}]})"},
    {"tagged-content-array",
     R"("body":{"input":{"c":[{"type":"text","text":"{prompt}"},)"
     R"({"type":"image_url","image_url":{"url":"{picture}"},"role":"first_frame"},)"
     R"({"type":"image_url","image_url":{"url":"{reference}"},"role":"reference_image"}]}})",
     R"("input":{"c":[{"type":"text","text":"go"},{"type":"image_url","image_url":)"
     R"({"url":"data:image/png;base64,MQ=="},"role":"first_frame"},{"type":"image_url",)"
     R"("image_url":{"url":"https://a.example/3.png"},"role":"reference_image"},)"
     R"({"type":"image_url","image_url":{"url":"data:image/png;base64,NA=="},)"
     R"("role":"reference_image"}]},"parameters":{})"},
};

class Shapes : public testing::TestWithParam<Shape> {};

TEST_P(Shapes, are_data) {
  const auto profile = row(std::string(R"({"model":"acme/x",)") + GetParam().row + "}");
  const Request request{.model = "acme/x",
                        .prompt = "go",
                        .picture = PictureBytes{.media_type = "image/png", .bytes = "1"},
                        .last_picture = PictureBytes{.media_type = "image/jpeg", .bytes = "2"},
                        .references = {PictureLink{"https://a.example/3.png"},
                                       PictureBytes{.media_type = "image/png", .bytes = "4"}}};
  EXPECT_EQ(encode_submit(profile, request).body.str(),
            R"({"model":"acme/x",)" + std::string(GetParam().sent) + "}");
}

INSTANTIATE_TEST_SUITE_P(All, Shapes, testing::ValuesIn(shapes), [](const auto& shown) {
  std::string name = shown.param.serializer;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(ModelRows, send_what_is_not_part_of_the_key) {
  const auto profile = row(R"({"model":"acme/x","body":{"input":{"p":"{prompt}"}},)"
                           R"("unkeyed":{"parameters":{"watermark":false}}})");
  const auto without = row(R"({"model":"acme/x","body":{"input":{"p":"{prompt}"}}})");
  Request request{.model = "acme/x", .prompt = "go"};
  EXPECT_EQ(encode_submit(profile, request).body.str(),
            R"({"model":"acme/x","input":{"p":"go"},"parameters":{"watermark":false}})");
  EXPECT_EQ(request_key(profile, request, "o"), request_key(without, request, "o"));
  request.extra_parameters = {{"watermark", {true}}};
  EXPECT_NE(encode_submit(profile, request).body.str().find("\"watermark\":true"),
            std::string::npos);
  EXPECT_EQ(request_key(profile, request, "o"), request_key(without, request, "o"));
}

// Computed apart from this code, from the recipe in request_key.cpp: the list that held only the
// picture is left out, the type beside it is not, and an unkeyed member does not replace the body's
// own.
TEST(ModelRows, have_the_keys_they_always_had) {
  const auto profile = row(R"({"model":"acme/x","body":{"input":{"p":"{prompt}",)"
                           R"("images":["{picture}"],"type":"{media-type}","watermark":true}},)"
                           R"("unkeyed":{"input":{"watermark":false}}})");
  const Request request{.model = "acme/x",
                        .prompt = "go",
                        .picture = PictureBytes{.media_type = "image/png", .bytes = "1"}};
  EXPECT_EQ(request_key(profile, request, "https://api.modelverse.cn"),
            "4e2fda4282d7c8483871fc0908ded96324518051a35fdf10e0c7d0459bb14277");
}

struct Fault {
  const char* rows;
  const char* said;
};

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, are_said_with_file_and_place) {
  const auto models = Models::with_rows_of(GetParam().rows, "m.json");
  ASSERT_FALSE(models.ok());
  EXPECT_EQ(models.error().code, ErrorCode::settings);
  const auto& text = models.error().text;
  EXPECT_NE(text.find("m.json:"), std::string::npos) << text;
  EXPECT_NE(text.find(GetParam().said), std::string::npos) << text;
}

#define ROW(members) R"({"models":[{"model":"x","like":"kling-v2-6",)" members "}]}"

#define PRICE(condition)                                                                            \
  R"("price":{"currency":"CNY","date":"2026-01-01","source":"s","cases":[{"per-clip":1,)" condition \
  "}]}"

INSTANTIATE_TEST_SUITE_P(
    All, Faults,
    testing::Values(
        Fault{"", "m.json:1: not JSON: it is empty"},
        Fault{"{\n\n\"models\": [,]}", "m.json:3: not JSON"},
        Fault{"{\"models\":[\n\n", "m.json:3: not JSON: it ends too early"},
        Fault{"{\n\"models\": // all\n[]}", "m.json:2: not JSON: an unexpected character"},
        Fault{"[]", "m.json:1: not a"}, Fault{"{}", "m.json: it must contain"},
        Fault{R"({"models":{}})", "m.json: it must contain"},
        Fault{R"({"models":[7]})", "m.json: models[0] must be an object"},
        Fault{R"({"models":[{}]})", "m.json: models[0].model must be a string"},
        Fault{R"({"models":[{"model":""}]})", "m.json: models[0].model must be a string"},
        Fault{R"({"models":[{"model":"x"}]})", "m.json: models[0] (x).body is missing"},
        Fault{R"({"models":[{"model":"x","like":"y"}]})", "m.json: models[0] (x).like: no row"},
        Fault{R"({"models":[{"model":"kling-v3"},{"model":"kling-v3"}]})",
              "m.json: models[1] (kling-v3): duplicate"},
        Fault{ROW(R"("duration":5)"), "m.json: models[0] (x).duration is not a member of a row"},
        Fault{ROW(R"("durations":5)"), ".durations must be a list"},
        Fault{ROW(R"("durations":[5,"x"])"), ".durations[1] must be a whole number"},
        Fault{ROW(R"("durations":["9-3"])"), ".durations[0] must be"},
        Fault{ROW(R"("durations":[1.5])"), ".durations[0] must be"},
        Fault{ROW(R"("durations":[-1])"), ".durations[0] must be"},
        Fault{ROW(R"("price":5)"), ".price must be an object"},
        Fault{ROW(R"("price":{"cases":[{"per-second":1}]})"), ".price must have currency"},
        Fault{ROW(R"("price":{"currency":"yuan"})"), ".price.currency is not"},
        Fault{ROW(R"("price":{"date":"2026-1-1"})"), ".price.date is not"},
        Fault{ROW(R"("price":{"cases":[{"resolution":"pro"}]})"), ".price.cases[0] must have"},
        Fault{ROW(R"("price":{"cases":[{"per-second":-1}]})"),
              ".price.cases[0].per-second must be a price"},
        Fault{ROW(R"("price":{"cases":[{"per-clip":[1,2],"durations":[5]}]})"),
              ".price.cases[0] must have one amount"},
        Fault{ROW(PRICE(R"("durations":[7])")), ".price has a duration that"},
        Fault{ROW(PRICE(R"("resolution":"4K")")), ".price has a resolution that"},
        Fault{ROW(R"("default-duration":4)"), ".default-duration is not one of"},
        Fault{ROW(R"("default-duration":"5")"), ".default-duration must be a whole number"},
        Fault{ROW(R"("resolutions":["a","A"])"), ".resolutions[1] is repeated"},
        Fault{ROW(R"("resolutions":[{"frames":[]}])"), ".resolutions[0] must be a name"},
        Fault{ROW(R"("resolutions":[{"name":"a","size":1}])"),
              ".resolutions[0].size is not a member"},
        Fault{ROW(R"("resolutions":[{"name":"a","frames":["1280"]}])"),
              ".resolutions[0].frames[0] must be a size"},
        Fault{ROW(R"("resolutions":[{"name":"a","durations":[7]}])"),
              ".resolutions has a duration that the model does not have: 7"},
        Fault{ROW(R"("default-resolution":"4K")"), ".default-resolution is not one of"},
        Fault{ROW(R"("picture-forms":["url"])"), ".picture-forms[0] must be"},
        Fault{ROW(R"("picture":"yes")"), ".picture must be"},
        Fault{ROW(R"("picture":"optional","body":{"input":{"p":"{prompt}"}})"), ".picture is set"},
        Fault{ROW(R"("references":"yes")"), ".references must be"},
        Fault{ROW(R"("references":"required")"), ".references is set, but"},
        Fault{ROW(R"("body":{"input":{"p":"{prompt}","r":"{reference}"}})"),
              ".max-references must be 1"},
        Fault{ROW(R"("modes":{})"), ".modes must be a list"},
        Fault{ROW(R"("modes":[5])"), ".modes[0] must be an object"},
        Fault{ROW(R"("modes":[{}])"), ".modes[0] has no member pictures"},
        Fault{ROW(R"("modes":[{"pictures":["middle"]}])"), ".modes[0][0] must be \"first\""},
        Fault{ROW(R"("modes":[{"pictures":[]},{"pictures":[]}])"), ".modes[1] has the pictures of"},
        Fault{ROW(R"("modes":[{"pictures":[],"like":"y"}])"),
              ".modes[0].like is not a member of a mode"},
        Fault{ROW(R"("modes":[{"pictures":["references"]}])"),
              ".modes[0].pictures has a picture, but"},
        Fault{ROW(R"("modes":[{"pictures":[],"durations":["x"]}])"),
              ".modes[0].durations[0] must be"},
        Fault{ROW(R"("pictures":[])"), "is not a member of a row"},
        Fault{ROW(R"("aspect-ratios":[5])"), ".aspect-ratios[0] must be"},
        Fault{ROW(R"("default-aspect-ratio":"2:1")"), ".default-aspect-ratio is not one of"},
        Fault{ROW(R"("seeds":[5])"), ".seeds must be a list of"},
        Fault{ROW(R"("seeds":[5,4])"), ".seeds must be a list of"},
        Fault{ROW(R"("audio":true)"), ".audio must be an object"},
        Fault{ROW(R"("audio":{"loud":1})"), ".audio must have only"},
        Fault{ROW(R"("audio":{"on":1,"default":"off"})"), ".audio has a default"},
        Fault{ROW(R"("unkeyed":{"output":{}})"), ".unkeyed must contain only"},
        Fault{ROW(R"("headers":{"a":5})"), ".headers must be an object"},
        Fault{ROW(R"("withdrawn":{"date":"soon"})"), ".withdrawn must have a date"},
        Fault{ROW(R"("withdrawn":{"successor":"y"})"), ".withdrawn must have a date"},
        Fault{ROW(R"("resolutions":[{"name":"a","sizes":{"1:1":5}}])"),
              ".resolutions[0].sizes must be"},
        Fault{ROW(R"("body":{"input":{}})"), ".needs-prompt is true"},
        Fault{ROW(R"("body":{"input":{"p":"{prompt}","m":"{media-type}"}})"), ".body has {media"},
        Fault{ROW(R"("body":[])"), ".body must be an object"},
        Fault{ROW(R"("body":{"output":{}})"), ".body must contain"},
        Fault{ROW(R"("body":{"input":"{picture}"})"), ".body must contain"},
        Fault{ROW(R"("body":{"input":{"a":"{promt}"}})"), ".body has {promt}"},
        Fault{ROW(R"("body":{"input":{"a":"{picture}","b":"{picture}"}})"), ".body has more"},
        Fault{ROW(R"("needs-prompt":1)"), ".needs-prompt must be true or false"},
        Fault{ROW(R"("max-bytes":"10")"), ".max-bytes must be a whole number"},
        Fault{ROW(R"("max-bytes":1.5)"), ".max-bytes must be a whole number"},
        Fault{ROW(R"("max-aspect":-1)"), ".max-aspect must be a number"},
        Fault{ROW(R"("usual-seconds":0)"), ".usual-seconds must be a whole number from 1"},
        Fault{ROW(R"("resolutions":["a"],"usual-seconds":{"a":[1,0]})"),
              ".usual-seconds.a[1] must be a whole number"},
        Fault{ROW(R"("resolutions":["a"],"usual-seconds":{"a":[]})"), ".usual-seconds.a must"},
        Fault{ROW(R"("resolutions":["a"],"usual-seconds":{"b":[1]})"),
              ".usual-seconds has a resolution"},
        Fault{ROW(R"("media-types":["png"])"), ".media-types[0] must be"},
        Fault{ROW(R"("external-id":7)"), ".external-id must be a string"},
        Fault{ROW(R"("page":"")"), ".page must be a string"}));
#undef ROW

}  // namespace
}  // namespace modelverse::api
