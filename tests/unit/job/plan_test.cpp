// SPDX-License-Identifier: LGPL-2.1-or-later
// What is refused before anything is sent, and where the key comes from.
#include "job/plan.h"

#include <glib.h>
#include <gst/gst.h>
#include <sys/stat.h>

#include <fstream>

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
        SettingsCase{"no_model", [](Settings& s) { s.model.clear(); }, "model"},
        SettingsCase{"duration", [](Settings& s) { s.duration = 5; }, "12"},
        SettingsCase{"resolution", [](Settings& s) { s.resolution = "9p"; }, "1080p"},
        SettingsCase{"plain_http", [](Settings& s) { s.base_url = "http://a.example"; },
                     "allow-http"}),
    [](const auto& shown) { return shown.param.name; });

struct ApiKeys : Bench {
  ApiKeys() { settings().api_key.clear(); }
  ~ApiKeys() override {
    g_unsetenv("MODELVERSE_API_KEY");
    g_unsetenv("MODELVERSE_API_KEY_FILE");
  }
  std::string file(const std::string& text, mode_t mode = 0600) {
    const auto path = folder.path() + "/key";
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
};

TEST_F(ApiKeys, come_from_the_property_then_the_environment_then_the_file) {
  settings().api_key_file = file("from-file\n");
  EXPECT_EQ(find_api_key(settings())->value, "from-file");
  g_setenv("MODELVERSE_API_KEY", "from-environment", true);
  EXPECT_EQ(find_api_key(settings())->value, "from-environment");
  settings().api_key = "from-property";
  EXPECT_EQ(find_api_key(settings())->value, "from-property");
}

TEST_F(ApiKeys, come_from_the_file_that_the_environment_names) {
  g_setenv("MODELVERSE_API_KEY_FILE", file("k\r\n").c_str(), true);
  EXPECT_EQ(find_api_key(settings())->value, "k");
}

TEST_F(ApiKeys, are_warned_of_when_others_can_read_the_file) {
  settings().api_key_file = file("k", 0644);
  EXPECT_NE(find_api_key(settings())->warning.find("chmod 600"), std::string::npos);
  settings().api_key_file = file("k", 0600);
  EXPECT_EQ(find_api_key(settings())->warning, "");
}

TEST_F(ApiKeys, are_missed_by_the_names_of_property_and_environment) {
  const auto missing = find_api_key(settings());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::not_authorized);
  EXPECT_NE(missing.error().text.find("MODELVERSE_API_KEY"), std::string::npos);
  settings().api_key_file = folder.path() + "/none";
  EXPECT_EQ(find_api_key(settings()).error().code, ErrorCode::not_authorized);
}

TEST_F(ApiKeys, are_refused_with_control_characters_and_never_shown) {
  for (const auto* value : {"s3cret\n", "s3cret\tx", "s3cret\x7f", "\x01s3cret"}) {
    settings().api_key = value;
    const auto key = find_api_key(settings());
    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().code, ErrorCode::settings);
    EXPECT_EQ((key.error().text + key.error().debug).find("s3cret"), std::string::npos);
  }
}

TEST_F(ApiKeys, are_not_looked_for_when_a_plan_is_made) {
  settings().image_uri = "https://pictures.example/a.png";
  settings().cache_dir = folder.path();
  g_setenv("MODELVERSE_BASE_URL", "https://other.example/", true);
  const auto made = make_plan(plan.wish, {});
  g_unsetenv("MODELVERSE_BASE_URL");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->base_url, "https://other.example");
  EXPECT_EQ(made->cache_dir, folder.path());
}

}  // namespace
}  // namespace modelverse::job::test
