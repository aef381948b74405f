// SPDX-License-Identifier: LGPL-2.1-or-later
// What is refused before anything is sent.
#include "job/plan.h"

#include <glib.h>
#include <gst/gst.h>

#include "bench.h"

namespace modelverse::job::test {
namespace {

struct SettingsCase {
  const char* name;
  void (*change)(Settings&);
  const char* word;  // nullptr: accepted
};

// Only that it is there matters.
std::shared_ptr<GstSample> some_sample() {
  return {gst_sample_new(nullptr, nullptr, nullptr, nullptr), gst_sample_unref};
}

class Checked : public testing::TestWithParam<SettingsCase> {};

TEST_P(Checked, are_accepted_or_refused_by_name) {
  Settings settings;
  settings.image_uri = "https://pictures.example/a.png";
  GetParam().change(settings);
  const auto checked = check_settings(settings);
  ASSERT_EQ(checked.ok(), GetParam().word == nullptr);
  if (checked)
    return;
  EXPECT_EQ(checked.error().code, ErrorCode::settings);
  EXPECT_NE(checked.error().text.find(GetParam().word), std::string::npos) << checked.error().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, Checked,
    testing::Values(
        SettingsCase{"plain", [](Settings&) {}, nullptr},
        SettingsCase{"two_pictures", [](Settings& s) { s.image_path = "/a"; }, "image-path"},
        SettingsCase{"two_pictures_one_in_memory",
                     [](Settings& s) { s.image_sample = some_sample(); }, "image-sample"},
        SettingsCase{"no_picture", [](Settings& s) { s.image_uri.clear(); }, "image-uri"},
        SettingsCase{"a_picture_in_memory",
                     [](Settings& s) {
                       s.image_uri.clear();
                       s.image_sample = some_sample();
                     },
                     nullptr},
        SettingsCase{"task_alone",
                     [](Settings& s) {
                       s.image_uri.clear();
                       s.task_id = "t";
                     },
                     nullptr},
        SettingsCase{"prompt", [](Settings& s) { s.prompt = "\xff"; }, "UTF-8"},
        SettingsCase{"task_id", [](Settings& s) { s.task_id = "\xff"; }, "task-id"},
        SettingsCase{"two_last_pictures",
                     [](Settings& s) {
                       s.model = "Wan-AI/Wan2.2-I2V";
                       s.last_image_path = "/a";
                       s.last_image_sample = some_sample();
                     },
                     "last-image-sample"},
        SettingsCase{"a_last_picture",
                     [](Settings& s) {
                       s.model = "Wan-AI/Wan2.2-I2V";
                       s.prompt = "go";
                       s.last_image_sample = some_sample();
                     },
                     nullptr},
        SettingsCase{"a_last_picture_without_a_field",
                     [](Settings& s) { s.last_image_path = "/a"; }, "Models with last-image: "},
        SettingsCase{"references",
                     [](Settings& s) {
                       s.model = "viduq2";
                       s.prompt = "go";
                       s.image_uri.clear();
                       s.reference_images = {"https://a.example/a.png", "https://a.example/b.png"};
                     },
                     nullptr},
        SettingsCase{"too_many_references",
                     [](Settings& s) {
                       s.model = "viduq2";
                       s.prompt = "go";
                       s.image_uri.clear();
                       s.reference_images = std::vector<SharedText>(8, "/a");
                     },
                     "up to 7"},
        SettingsCase{"duration", [](Settings& s) { s.duration = 5; }, "12"},
        SettingsCase{"resolution", [](Settings& s) { s.resolution = "9p"; }, "1080p"},
        SettingsCase{"picture_for_text",
                     [](Settings& s) {
                       s.model = "openai/sora-2/text-to-video";
                       s.prompt = "go";
                     },
                     "Leave image-path"},
        SettingsCase{"text_alone",
                     [](Settings& s) {
                       s.model = "openai/sora-2/text-to-video";
                       s.prompt = "go";
                       s.image_uri.clear();
                     },
                     nullptr},
        SettingsCase{"no_prompt", [](Settings& s) { s.model = "kling-v2-6"; }, "prompt"},
        SettingsCase{"plain_http", [](Settings& s) { s.base_url = "http://a.example"; },
                     "allow-http"}),
    [](const auto& shown) { return shown.param.name; });

using Plans = Bench;

// In the request, and gone when that is sent.
TEST(MadePlan, has_the_picture_in_one_place) {
  Settings settings;
  settings.image_uri = "https://pictures.example/a.png";
  const auto plan = make_plan(settings, {});
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_TRUE(plan->settings.image_uri.empty());
  EXPECT_TRUE(std::holds_alternative<PictureLink>(plan->settings.picture));
}

struct CacheLocation {
  const char* of_uri;
  const char* of_environment;
  bool is_trusted;
};

class PlaceOfUri : public testing::TestWithParam<CacheLocation> {};

TEST_P(PlaceOfUri, is_trusted_where_it_is_the_users_own) {
  const auto& [of_uri, of_environment, is_trusted] = GetParam();
  g_setenv("MODELVERSE_BASE_URL", of_environment, TRUE);
  Settings settings;
  settings.task_id = "task-1";
  settings.base_url = of_uri;
  EXPECT_TRUE(check_settings(settings)) << "a property is always trusted";
  settings.is_base_url_of_uri = true;
  const auto checked = check_settings(settings);
  g_unsetenv("MODELVERSE_BASE_URL");
  EXPECT_EQ(checked.ok(), is_trusted);
  if (checked)
    return;
  EXPECT_EQ(checked.error().code, ErrorCode::settings);
  EXPECT_NE(checked.error().text.find(of_uri), std::string::npos) << checked.error().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, PlaceOfUri,
    testing::Values(CacheLocation{"https://api.modelverse.cn", "", true},
                    CacheLocation{"https://API.modelverse.cn:443/v2", "", true},
                    CacheLocation{"https://gateway.example/x", "https://gateway.example", true},
                    CacheLocation{"http://127.0.0.1:8080", "", true},
                    CacheLocation{"http://[::1]:8080", "", true},
                    CacheLocation{"https://localhost", "https://gateway.example", true},
                    CacheLocation{"https://gateway.example", "", false},
                    CacheLocation{"https://api.modelverse.cn", "https://gateway.example", false},
                    CacheLocation{"https://api.modelverse.cn:8443", "", false},
                    CacheLocation{"https://api.modelverse.cn.evil.example", "", false},
                    CacheLocation{"https://127.0.0.1.evil.example", "", false}));

TEST_F(Plans, take_the_environment_and_need_no_key) {
  settings().api_key.clear();
  settings().image_uri = "https://pictures.example/a.png";
  settings().cache_dir = directory.path();
  g_setenv("MODELVERSE_BASE_URL", "https://other.example/", true);
  const auto made = make_plan(plan.settings, {});
  g_unsetenv("MODELVERSE_BASE_URL");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->base_url, "https://other.example");
  EXPECT_EQ(made->cache_dir, directory.path());
}

// The times of earlier tasks are looked up by what was sent.
TEST_F(Plans, leave_a_record_with_the_defaults_of_the_model) {
  settings().image_uri = "https://pictures.example/a.png";
  settings().model = "Wan-AI/Wan2.2-I2V";
  const auto made = make_plan(plan.settings, {});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(new_record(*made).resolution, "720P");
  EXPECT_EQ(new_record(*made).duration, 5);
}

using Adopting = Bench;

// It may look through thousands of entries.
TEST_F(Adopting, is_given_up_when_it_is_stopped) {
  settings().task_id = "task-1";
  settings().cache_dir = plan.cache_dir;
  leave(submitted("task-1"));
  std::stop_source stop;
  EXPECT_TRUE(make_plan(plan.settings, stop.get_token()).ok());
  stop.request_stop();
  const auto stopped = make_plan(plan.settings, stop.get_token());
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

// A request of text alone has nothing but its prompt to be named by.
TEST_F(Adopting, with_a_prompt_is_for_the_request_whose_submit_is_unknown) {
  settings().cache_dir = plan.cache_dir;
  settings().model = "openai/sora-2/text-to-video";
  const auto request = make_plan(plan.settings, {});
  ASSERT_TRUE(request.ok());
  plan.key = request->key;
  settings().task_id = "task-1";
  const auto is_for_the_request = [&] {
    const auto made = make_plan(plan.settings, {});
    return made.ok() && made->has_request && made->key == request->key;
  };
  EXPECT_FALSE(is_for_the_request()) << "it may be a task of any request";
  leave(Record{.key = plan.key, .origin = plan.base_url});
  EXPECT_TRUE(is_for_the_request());
  leave(submitted("task-1"));
  EXPECT_TRUE(is_for_the_request()) << "task-id stays set";
  leave(submitted("task-2"));
  EXPECT_FALSE(is_for_the_request());
}

TEST_F(Adopting, with_a_prompt_is_no_request_where_the_model_needs_a_picture) {
  settings().task_id = "task-1";
  const auto made = make_plan(plan.settings, {});
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(made->has_request);
}

class ModelOfTheEnvironment : public testing::Test {
 protected:
  ~ModelOfTheEnvironment() override { g_unsetenv("MODELVERSE_MODEL"); }
};

TEST(Plan, finds_a_missing_file_of_each_picture_before_it_reads_any) {
  const std::string missing = "/nowhere/a.png";
  Settings settings;
  settings.model = "viduq2";
  settings.prompt = "go";
  settings.reference_images = {SharedText("https://pictures.example/a.png"), SharedText(missing)};
  const auto checked = check_settings(settings);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::not_found) << checked.error().text;
  EXPECT_NE(checked.error().text.find("reference-images[1]"), std::string::npos)
      << checked.error().text;
}

TEST_F(ModelOfTheEnvironment, is_taken_where_no_property_sets_one) {
  g_unsetenv("MODELVERSE_MODEL");
  EXPECT_EQ(usual_model(), default_model);
  g_setenv("MODELVERSE_MODEL", "viduq2", TRUE);
  Settings settings;
  settings.prompt = "go";
  EXPECT_TRUE(check_settings(settings).ok());
  const auto plan = make_plan(settings, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->settings.model, "viduq2");
  settings.model = "kling-v2-6";
  settings.resolution = "720p";
  EXPECT_FALSE(check_settings(settings).ok());
}

}  // namespace
}  // namespace modelverse::job::test
