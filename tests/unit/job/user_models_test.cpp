// SPDX-License-Identifier: LGPL-2.1-or-later
// The user's own list of models: found, read, or refused.
#include "job/user_models.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "bench.h"

namespace modelverse::job::test {
namespace {

struct ModelsFile : Bench {
  ModelsFile() { g_setenv("MODELVERSE_MODELS_FILE", path.c_str(), true); }
  ~ModelsFile() override { g_unsetenv("MODELVERSE_MODELS_FILE"); }
  void write(const std::string& text) const { std::ofstream(path) << text; }

  const std::string path = directory.path() + "/mine.json";
};

constexpr const char* one_row =
    R"({"models":[{"model":"acme/x","like":"kling-v2-6","durations":[7]}]})";

TEST(ModelsFilePath, is_in_the_users_config_directory) {
  EXPECT_EQ(models_file(), std::string(g_get_user_config_dir()) + "/gst-modelverse/models.json");
  const auto models = load_models();
  ASSERT_TRUE(models.ok());
  EXPECT_EQ(models->get(), &api::Models::built_in()) << "there is none";
}

TEST_F(ModelsFile, is_the_one_that_the_environment_names) {
  EXPECT_EQ(models_file(), path);
  write(one_row);
  const auto models = load_models();
  ASSERT_TRUE(models.ok());
  EXPECT_EQ((*models)->find("acme/x").default_duration, 7);
}

TEST_F(ModelsFile, is_read_anew_each_time) {
  write(one_row);
  ASSERT_TRUE(load_models().ok());
  write(R"({"models":[]})");
  const auto models = load_models();
  ASSERT_TRUE(models.ok());
  EXPECT_FALSE((*models)->find("acme/x").is_known);
}

TEST_F(ModelsFile, must_be_there_where_the_environment_names_it) {
  const auto models = load_models();
  ASSERT_FALSE(models.ok());
  EXPECT_EQ(models.error().code, ErrorCode::not_found);
  EXPECT_NE(models.error().text.find(path), std::string::npos);
}

TEST_F(ModelsFile, is_a_plain_file_of_bounded_size) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_NE(load_models().error().text.find("regular file"), std::string::npos);
  ASSERT_EQ(unlink(path.c_str()), 0);
  write(std::string((1 << 20) + 1, ' '));
  EXPECT_NE(load_models().error().text.find("1 MiB"), std::string::npos);
  ASSERT_EQ(unlink(path.c_str()), 0);
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  EXPECT_FALSE(load_models().ok());
}

TEST_F(ModelsFile, is_where_the_plan_finds_its_profile) {
  write(one_row);
  settings().image_uri = "https://pictures.example/a.png";
  settings().cache_dir = directory.path();
  settings().model = "acme/x";
  settings().prompt = "go";
  const auto made = make_plan(plan.settings, {});
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_EQ(made->profile->default_duration, 7);
  settings().duration = 5;
  EXPECT_NE(check_settings(settings()).error().text.find('7'), std::string::npos);
}

TEST_F(ModelsFile, keeps_nobody_from_a_task_when_it_is_broken) {
  write("{");
  settings().image_uri = "https://pictures.example/a.png";
  EXPECT_NE(check_settings(settings()).error().text.find(path + ":1: "), std::string::npos);
  EXPECT_FALSE(make_plan(plan.settings, {}).ok());
  settings().image_uri.clear();
  settings().task_id = "task-1";
  settings().cache_dir = directory.path();
  EXPECT_TRUE(check_settings(settings()).ok());
  EXPECT_TRUE(make_plan(plan.settings, {}).ok());
}

}  // namespace
}  // namespace modelverse::job::test
