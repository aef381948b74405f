// SPDX-License-Identifier: LGPL-2.1-or-later
#include "uri.h"

#include <gtest/gtest.h>

#include <string>

#include "glib/handles.h"

namespace modelverse {
namespace {

// What is said of a refused URI; empty where it is taken.
std::string refusal(const std::string& uri, Settings& settings) {
  ErrorSlot error;
  if (apply_uri(uri, all_properties(), settings, error.out())) {
    EXPECT_FALSE(error) << uri;
    return {};
  }
  EXPECT_TRUE(error && g_error_matches(error.get(), GST_URI_ERROR, GST_URI_ERROR_BAD_URI)) << uri;
  return error.message();
}

std::string refusal(const std::string& uri) {
  Settings settings;
  return refusal(uri, settings);
}

Settings taken(const std::string& uri) {
  Settings settings;
  EXPECT_EQ(refusal(uri, settings), "") << uri;
  return settings;
}

std::string made(const Settings& settings) {
  return make_uri(all_properties(), settings);
}

bool names(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

Settings settings_with(const std::string& awkward) {
  Settings settings;
  settings.image_path = "/pictures/" + awkward;
  settings.image_uri = "https://host/x.jpg?" + awkward;
  settings.last_image_path = "/last/" + awkward;
  settings.last_image_uri = "https://host/l.jpg?" + awkward;
  settings.reference_images = {"/5/" + awkward, "https://host/r.jpg"};
  settings.prompt = "1" + awkward;
  settings.negative_prompt = "6" + awkward;
  settings.aspect_ratio = "7" + awkward;
  settings.seed = 4294967295;
  settings.audio = Audio::off;
  settings.model = "2" + awkward;
  settings.resolution = "3" + awkward;
  settings.duration = 12;
  settings.image_fit = ImageFit::pad;
  settings.image_encoding = ImageEncoding::data_uri;
  settings.extra_input = {{"style", {awkward}}, {"in", {Object{{"deep", {true}}}}}};
  settings.extra_parameters = {{"seed", {std::int64_t{7}}}};
  settings.take = 4294967295u;
  settings.base_url = "http://127.0.0.1:8080/" + awkward;
  settings.task_id = "4" + awkward;
  settings.cache_mode = CacheMode::off;
  settings.url_index = 3;
  return settings;
}

TEST(Uri, brings_every_property_back_with_awkward_characters) {
  const std::string awkward = "a&b=c?d#e %41+/\\\"'\n\xc3\xbc\xf0\x9f\x8c\x8a;,<>{}";
  const auto settings = settings_with(awkward);
  const auto uri = made(settings);
  const auto back = taken(uri);
  EXPECT_EQ(back.image_path, settings.image_path);
  EXPECT_EQ(back.image_uri, settings.image_uri);
  EXPECT_EQ(back.last_image_path, settings.last_image_path);
  EXPECT_EQ(back.last_image_uri, settings.last_image_uri);
  EXPECT_EQ(back.reference_images, settings.reference_images);
  EXPECT_EQ(back.negative_prompt, settings.negative_prompt);
  EXPECT_EQ(back.aspect_ratio, settings.aspect_ratio);
  EXPECT_EQ(back.seed, 4294967295);
  EXPECT_EQ(back.audio, Audio::off);
  EXPECT_EQ(back.prompt, settings.prompt);
  EXPECT_EQ(back.model, settings.model);
  EXPECT_EQ(back.resolution, settings.resolution);
  EXPECT_EQ(back.duration, 12);
  EXPECT_EQ(back.image_fit, ImageFit::pad);
  EXPECT_EQ(back.image_encoding, ImageEncoding::data_uri);
  ASSERT_EQ(back.extra_input.size(), 2u);
  EXPECT_EQ(std::get<std::string>(back.extra_input[0].value.data), awkward);
  EXPECT_EQ(std::get<Object>(back.extra_input[1].value.data).size(), 1u);
  ASSERT_EQ(back.extra_parameters.size(), 1u);
  EXPECT_EQ(back.take, 4294967295u);
  EXPECT_EQ(back.base_url, settings.base_url);
  EXPECT_EQ(back.task_id, settings.task_id);
  EXPECT_EQ(back.cache_mode, CacheMode::off);
  EXPECT_EQ(back.url_index, 3u);
  const Settings again = back;
  EXPECT_EQ(made(again), uri);
}

TEST(Uri, brings_paths_back_that_no_uri_has_as_its_own) {
  for (const auto* path :
       {"/", "//", "//.", "//host/a.jpg", "/a/../b.jpg", "/./a.jpg", "/a/..", "/.a/..b./c"}) {
    Settings settings;
    settings.image_path = path;
    const bool has_two_slashes = std::string_view(path).starts_with("//");
    const CharPtr expected(g_canonicalize_filename(path + has_two_slashes, nullptr));
    EXPECT_EQ(taken(made(settings)).image_path, expected.get()) << made(settings);
  }
}

TEST(Uri, marks_the_place_that_it_names_until_another_uri_does_not) {
  EXPECT_TRUE(taken("modelverse:?task-id=t&base-url=https%3A%2F%2Fa.example").is_base_url_of_uri);
  EXPECT_FALSE(taken("modelverse:?task-id=t").is_base_url_of_uri);
}

TEST(Uri, brings_structures_in_structures_back) {
  Settings settings;
  settings.image_path = "/a.jpg";
  const Object deep = {{"text", {std::string("a]b \"c\"")}}, {"on", {true}}};
  settings.extra_input = {{"list", {Array{Value{deep}, Value{Object{{"in", {deep}}}}}}},
                          {"n", {std::int64_t{1} << 40}}};
  const auto uri = made(settings);
  const Settings again = taken(uri);
  EXPECT_EQ(made(again), uri);
  const auto& list = std::get<Array>(again.extra_input[0].value.data);
  const auto& inner = std::get<Object>(std::get<Object>(list[1].data)[0].value.data);
  EXPECT_EQ(std::get<std::string>(inner[0].value.data), "a]b \"c\"");
}

TEST(Uri, takes_extras_as_json_and_writes_them_so) {
  const auto settings = taken(
      R"(modelverse:?prompt=x&extra-parameters={"seed":7,"rate":0.5,"on":true,"none":null,"list":["a","b"]})");
  const auto& extras = settings.extra_parameters;
  ASSERT_EQ(extras.size(), 5u);
  EXPECT_EQ(extras[0].name, "seed");
  EXPECT_EQ(std::get<std::int64_t>(extras[0].value.data), 7);
  EXPECT_EQ(std::get<Array>(extras[4].value.data).size(), 2u);
  const CharPtr written(g_uri_unescape_string(made(settings).c_str(), nullptr));
  EXPECT_STREQ(written.get(),
               R"(modelverse:?prompt=x&extra-parameters={"seed":7,"rate":0.5,"on":true,)"
               R"("none":null,"list":["a","b"]})");
}

TEST(Uri, decodes_the_path_and_the_values) {
  const auto settings = taken("modelverse:///a%20directory/%C3%BC.jpg?prompt=a%20wave&duration=8");
  EXPECT_EQ(settings.image_path, "/a directory/\xc3\xbc.jpg");
  EXPECT_EQ(settings.prompt, "a wave");
  EXPECT_EQ(settings.duration, 8);
}

TEST(Uri, may_name_a_task_and_nothing_else) {
  const auto settings = taken("modelverse:?task-id=abc-1");
  EXPECT_EQ(settings.task_id, "abc-1");
  EXPECT_EQ(settings.image_path, "");
  EXPECT_EQ(made(settings), "modelverse:?task-id=abc-1");
}

TEST(Uri, of_a_relative_path_has_the_absolute_one) {
  Settings settings;
  settings.image_path = "./photos/../photo 1.jpg";
  const CharPtr here(g_get_current_dir());
  EXPECT_EQ(taken(made(settings)).image_path, std::string(here.get()) + "/photo 1.jpg");
  EXPECT_TRUE(made(settings).ends_with("/photo%201.jpg")) << made(settings);
}

TEST(Uri, has_no_dots_in_its_path) {
  EXPECT_EQ(taken("modelverse:///a/./b/../c.jpg").image_path, "/a/c.jpg");
  EXPECT_EQ(taken("modelverse:///a/%2E%2e/c.jpg").image_path, "/c.jpg");
}

TEST(Uri, has_one_slash_at_the_start_of_its_path) {
  for (const char* uri : {"modelverse:////a%FF.jpg", "modelverse:///.//a%FF.jpg"})
    EXPECT_EQ(made(taken(uri)), "modelverse:///a%FF.jpg");
}

TEST(Uri, names_a_file_whose_name_is_not_utf_8) {
  Settings settings;
  settings.image_path = "/photos/caf\xe9.jpg";
  EXPECT_EQ(made(settings), "modelverse:///photos/caf%E9.jpg");
  EXPECT_EQ(taken(made(settings)).image_path, settings.image_path);
  EXPECT_EQ(taken("modelverse:///photos/caf\xe9.jpg").image_path, settings.image_path);
}

TEST(Uri, refuses_an_unknown_key_and_names_it) {
  EXPECT_TRUE(names(refusal("modelverse:///a.jpg?colour=red"), "colour"));
  for (const char* key : {"timeout", "cache-dir", "proxy", "stats", "task-status", "Prompt"})
    EXPECT_TRUE(names(refusal(std::string("modelverse:///a.jpg?") + key + "=1"), key)) << key;
}

TEST(Uri, refuses_a_key_and_says_so_without_repeating_it) {
  const auto said = refusal("modelverse:///a.jpg?api-key=hush-3f9a");
  EXPECT_TRUE(names(said, "api-key")) << said;
  EXPECT_FALSE(names(said, "hush")) << said;
}

TEST(Uri, refuses_a_repeated_key_and_names_it) {
  EXPECT_TRUE(names(refusal("modelverse:///a.jpg?prompt=a&prompt=b"), "prompt"));
  EXPECT_TRUE(names(refusal("modelverse:///a.jpg?image-path=%2Fb.jpg"), "image-path"));
}

TEST(Uri, refuses_a_bad_value_and_names_its_key) {
  const std::pair<const char*, const char*> rows[] = {
      {"duration", "-1"},
      {"duration", "3601"},
      {"duration", "long"},
      {"duration", ""},
      {"duration", "8s"},
      {"take", "-1"},
      {"take", "4294967296"},
      {"take", "max"},
      {"url-index", "1.5"},
      {"cache-mode", "never"},
      {"image-encoding", "rot13"},
      {"reference-images", "/a.png"},
      {"reference-images", "[1]"},
      {"reference-images", "[\"a\"],\"b\":[\"c\"]"},
      {"seed", "-2"},
      {"audio", "loud"},
      {"extra-input", "{"},
      {"extra-input", ""},
      {"extra-input", "[1]"},
      {"extra-input", "x%2Ca%3D1"},
      {"extra-parameters", R"({"a":[1,"b"]})"},
      {"extra-parameters", R"({"a":[[1],["b"]]})"},
      {"extra-parameters", R"({"a":{"b":[{},2]}})"},
      {"extra-input", R"({"a":9223372036854775808})"}};
  for (const auto& [key, value] : rows) {
    const auto said = refusal(std::string("modelverse:///a.jpg?") + key + "=" + value);
    EXPECT_TRUE(names(said, key)) << key << "=" << value << ": " << said;
  }
}

TEST(Uri, refuses_what_is_no_such_uri) {
  for (const char* uri :
       {"modelverse://host/a.jpg", "modelverse:///a.jpg#top", "http:///a.jpg?prompt=b",
        "modelverse:///a%00b.jpg", "modelverse:///a.jpg?prompt=a%00b",
        "modelverse:///a.jpg?prompt=%FF", "modelverse:///a.jpg?prompt", "modelverse:///%zz",
        "modelverse:///a.jpg?prompt=%z", "/a.jpg", ""})
    EXPECT_NE(refusal(uri), "") << uri;
}

TEST(Uri, says_why_in_utf8_whatever_it_holds) {
  const auto said = refusal("modelverse://k%4\xfe\xff\xff/");
  EXPECT_TRUE(g_utf8_validate(said.c_str(), -1, nullptr)) << said;
}

TEST(Uri, leaves_the_settings_alone_when_it_is_refused) {
  Settings settings;
  settings.prompt = "before";
  settings.duration = 4;
  EXPECT_NE(refusal("modelverse:///a.jpg?duration=8&colour=red", settings), "");
  EXPECT_EQ(settings.prompt, "before");
  EXPECT_EQ(settings.duration, 4);
  EXPECT_EQ(settings.image_path, "");
}

TEST(Uri, resets_what_it_could_name_and_does_not) {
  Settings settings;
  settings.image_uri = "https://host/b.jpg";
  settings.prompt = "before";
  settings.model = "other";
  settings.extra_input = {{"seed", {std::int64_t{7}}}};
  settings.task_id = "task";
  settings.cache_mode = CacheMode::off;
  settings.api_key = "key";
  settings.cache_dir = "/cache";
  settings.timeout = 5;
  EXPECT_EQ(refusal("modelverse:///a.jpg", settings), "");
  EXPECT_EQ(settings.image_path, "/a.jpg");
  EXPECT_EQ(settings.image_uri, "");
  EXPECT_EQ(settings.prompt, "");
  EXPECT_EQ(settings.model, "");
  EXPECT_TRUE(settings.extra_input.empty());
  EXPECT_EQ(settings.task_id, "");
  EXPECT_EQ(settings.cache_mode, CacheMode::reuse);
  // These have no place in a URI.
  EXPECT_EQ(settings.api_key, "key");
  EXPECT_EQ(settings.cache_dir, "/cache");
  EXPECT_EQ(settings.timeout, 5u);
}

TEST(Uri, names_a_clip_that_is_made_of_text) {
  Settings settings;
  settings.prompt = "a wave";
  settings.model = "openai/sora-2/text-to-video";
  const auto uri = made(settings);
  EXPECT_EQ(uri, "modelverse:?prompt=a%20wave&model=openai%2Fsora-2%2Ftext-to-video");
  EXPECT_EQ(taken(uri).prompt, "a wave");
  EXPECT_EQ(taken(uri).model, "openai/sora-2/text-to-video");
}

TEST(Uri, names_a_clip_that_is_made_of_extras_or_of_a_last_frame) {
  for (const auto* uri : {"modelverse:?model=acme%2Fnext&extra-input=%7B%22image%22%3A%22x%22%7D",
                          "modelverse:?extra-parameters=%7B%22image%22%3A%22x%22%7D",
                          "modelverse:?last-image-path=%2Fa.jpg",
                          "modelverse:?last-image-uri=https%3A%2F%2Fhost%2Fa.jpg"})
    EXPECT_EQ(made(taken(uri)), uri);
}

TEST(Uri, is_empty_where_nothing_is_named_or_a_picture_is_in_memory) {
  const std::shared_ptr<GstSample> sample(gst_sample_new(nullptr, nullptr, nullptr, nullptr),
                                          gst_sample_unref);
  Settings nothing, first, last;
  nothing.duration = 8;
  first.prompt = "a wave";
  first.image_sample = sample;
  last.image_path = "/a.jpg";
  last.last_image_sample = sample;
  for (const auto& settings : {nothing, first, last})
    EXPECT_EQ(made(settings), "");
  first.task_id = "abc-1";
  EXPECT_EQ(made(first), "modelverse:?prompt=a%20wave&task-id=abc-1");
}

TEST(Uri, holds_no_default_no_key_and_nothing_of_this_machine) {
  Settings settings;
  settings.image_path = "/a.jpg";
  settings.api_key = "hush";
  settings.cache_dir = "/cache";
  EXPECT_EQ(made(settings), "modelverse:///a.jpg");
}

TEST(Uri, names_the_model_of_the_environment) {
  Settings settings;
  settings.prompt = "go";
  g_setenv("MODELVERSE_MODEL", "viduq2", TRUE);
  const auto uri = made(settings);
  g_unsetenv("MODELVERSE_MODEL");
  EXPECT_EQ(taken(uri).model, "viduq2");
  EXPECT_EQ(taken(made(settings)).model, "");
}

}  // namespace
}  // namespace modelverse
