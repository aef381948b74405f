// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks as a person calls it.
#include <glib.h>
#include <gtest/gtest.h>

#include <fstream>

#include "api/models.h"
#include "api/models_text.h"
#include "store/cache.h"
#include "support/process.h"
#include "support/scratch_folder.h"

namespace modelverse::tool {
namespace {

class Program : public testing::Test {
 protected:
  test_support::ProcessEnd run(std::vector<std::string> arguments,
                               std::map<std::string, std::string> environment = {}) const {
    arguments.insert(arguments.begin(), g_getenv("MODELVERSE_TASKS"));
    environment.insert({"MODELVERSE_CACHE_DIR", folder_.path()});
    test_support::Process process(arguments, std::move(environment));
    return process.wait();
  }

  // Leaves an entry with a task that waits to be picked up.
  void leave_task(const std::string& prompt) const {
    const auto entry = store::Cache(folder_.path()).entry(std::string(64, 'e'));
    ASSERT_TRUE(entry->try_lock().ok());
    Record record;
    record.state = RecordState::submitted;
    record.model = "acme/x";
    record.task_id = "task-7";
    record.prompt = prompt;
    ASSERT_TRUE(entry->save(record).ok());
  }

  test_support::ScratchFolder folder_;
};

TEST_F(Program, lists_what_is_in_the_cache) {
  leave_task("the boat sails away");
  const auto end = run({"list"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_NE(end.output.find("KEY"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("eeeeeeeeeeee  unfinished"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("task-7  the boat sails away\n"), std::string::npos) << end.output;
  const auto whole = run({"list", "--tsv"});
  EXPECT_NE(whole.output.find(std::string(64, 'e') + "\tunfinished\t0\t"), std::string::npos);
}

TEST_F(Program, looks_into_the_cache_that_it_is_told) {
  leave_task("x");
  const test_support::ScratchFolder empty;
  const auto end = run({"list", "--cache-dir", empty.path()});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.output, "There is no task in " + empty.path() + ".\n");
}

TEST_F(Program, changes_nothing_in_the_cache) {
  const auto missing = folder_.path() + "/none";
  EXPECT_EQ(run({"list", "--cache-dir", missing}).exit_code, 0);
  EXPECT_FALSE(g_file_test(missing.c_str(), G_FILE_TEST_EXISTS));
}

TEST_F(Program, lists_the_models_with_those_of_the_user) {
  const auto rows = api::Models::built_in().rows();
  EXPECT_EQ(run({"models"}).output, api::models_as_text(rows));
  EXPECT_EQ(run({"models", "--markdown"}).output, api::models_as_markdown(rows));
  EXPECT_EQ(run({"models", "--rows"}).output, api::Models::built_in_text());
  const auto file = folder_.path() + "/models.json";
  std::ofstream(file) << R"({"models":[{"model":"acme/x","like":"kling-v2-6"}]})";
  const auto end = run({"models"}, {{"MODELVERSE_MODELS_FILE", file}});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_NE(end.output.find("\nacme/x "), std::string::npos) << end.output;
}

TEST_F(Program, finds_the_users_models_in_his_config_folder) {
  const auto config = folder_.path() + "/config";
  ASSERT_EQ(g_mkdir_with_parents((config + "/gst-modelverse").c_str(), 0700), 0);
  std::ofstream(config + "/gst-modelverse/models.json")
      << R"({"models":[{"model":"acme/x","like":"kling-v2-6","durations":[17]}]})";
  const auto end = run({"models"}, {{"XDG_CONFIG_HOME", config}});
  EXPECT_NE(end.output.find("17* s"), std::string::npos) << end.output;
}

TEST_F(Program, says_where_the_users_list_is_wrong) {
  const auto file = folder_.path() + "/models.json";
  std::ofstream(file) << "{\n\"models\": [{\"model\": \"x\", \"like\": \"y\"}]\n}";
  const auto end = run({"models"}, {{"MODELVERSE_MODELS_FILE", file}});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_NE(end.output.find(file + ": models[0] (x).like: "), std::string::npos) << end.output;
}

TEST_F(Program, explains_itself) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word : {"list", "models", "--cache-dir", "--tsv", "unfinished", "unknown"})
    EXPECT_NE(help.output.find(word), std::string::npos) << word;
  EXPECT_TRUE(run({"--version"}).output.starts_with("modelverse-tasks "));
}

TEST_F(Program, refuses_a_command_line_that_says_nothing) {
  const std::vector<std::vector<std::string>> bad = {{},
                                                     {"lists"},
                                                     {"list", "all"},
                                                     {"--wrong"},
                                                     {"list", "--markdown"},
                                                     {"models", "--tsv"},
                                                     {"models", "--markdown", "--rows"}};
  for (const auto& arguments : bad) {
    const auto end = run(arguments);
    EXPECT_EQ(end.exit_code, 2) << end.output;
    EXPECT_TRUE(end.output.starts_with("modelverse-tasks: ")) << end.output;
  }
}

}  // namespace
}  // namespace modelverse::tool
