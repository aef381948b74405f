// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks as a person calls it.
#include <glib.h>
#include <gtest/gtest.h>

#include <fstream>

#include "api/models.h"
#include "program.h"
#include "tool/model_list.h"

namespace modelverse::tool {
namespace {

using Program = test::Program;

TEST_F(Program, lists_what_is_in_the_cache) {
  leave('e', RecordState::submitted, "the boat sails away");
  const auto end = run({"list"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_NE(end.output.find("KEY"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("eeeeeeeeeeee  unfinished"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("task-e  the boat sails away\n"), std::string::npos) << end.output;
  const auto whole = run({"list", "--tsv"});
  EXPECT_NE(whole.output.find(key('e') + "\tunfinished\t0\t"), std::string::npos);
  const auto json = run({"list", "--json"});
  EXPECT_NE(json.output.find("\"task-id\" : \"task-e\""), std::string::npos) << json.output;
}

TEST_F(Program, has_its_keys_completed_as_list_prints_them) {
  leave('e', RecordState::submitted);
  const auto* script =
      "compopt() { :; }; . \"$0\"; COMP_WORDS=(\"$1\" path ee); COMP_CWORD=2; "
      "_modelverse \"$1\"; echo \"${COMPREPLY[@]}\"";
  test_support::Process bash(
      {"bash", "-c", script, g_getenv("MODELVERSE_COMPLETION"), g_getenv("MODELVERSE_TASKS")},
      {{"MODELVERSE_CACHE_DIR", directory_.path()}});
  EXPECT_EQ(bash.wait().output, "eeeeeeeeeeee\n");
}

TEST_F(Program, looks_into_the_cache_that_it_is_told) {
  leave('e', RecordState::submitted);
  const test_support::ScratchDirectory empty;
  const auto end = run({"list", "--cache-dir", empty.path()});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.output, "No tasks in " + empty.path() + ".\n");
}

TEST_F(Program, changes_nothing_in_the_cache) {
  const auto missing = directory_.path() + "/none";
  EXPECT_EQ(run({"list", "--cache-dir", missing}).exit_code, 0);
  EXPECT_FALSE(g_file_test(missing.c_str(), G_FILE_TEST_EXISTS));
}

TEST_F(Program, lists_what_it_cannot_read_as_broken) {
  leave('a', RecordState::submitted);
  std::ofstream(in_entry('a', "record.json")) << "{";
  EXPECT_NE(run({"list"}).output.find("aaaaaaaaaaaa  broken"), std::string::npos);
  EXPECT_NE(run({"list", "--tsv"}).output.find(key('a') + "\tbroken\t"), std::string::npos);
  EXPECT_NE(run({"list", "--json"}).output.find("\"broken\""), std::string::npos);
}

TEST_F(Program, says_that_a_cache_cannot_be_read) {
  std::ofstream(directory_.path() + "/file") << "x";
  for (const char* command : {"list", "prune"}) {
    std::vector<std::string> arguments = {command, "--cache-dir", directory_.path() + "/file"};
    if (arguments[0] == "prune")
      arguments.emplace_back("--max-size=0");
    const auto end = run(arguments);
    EXPECT_EQ(end.exit_code, 1);
    EXPECT_TRUE(end.output.starts_with("modelverse-tasks: ")) << end.output;
  }
}

TEST_F(Program, says_where_a_finished_clip_is) {
  leave_clip('a', 10);
  leave('b', RecordState::submitted);
  for (const auto& name : {key('a'), std::string("aaa"), std::string("task-a")})
    EXPECT_EQ(run({"path", name}).output, in_entry('a', "clip.mp4") + "\n");
  const auto unfinished = run({"path", "task-b"});
  EXPECT_EQ(unfinished.exit_code, 1);
  EXPECT_NE(unfinished.output.find("unfinished"), std::string::npos) << unfinished.output;
  EXPECT_EQ(run({"path", "task-c"}).exit_code, 1);
}

TEST_F(Program, hands_out_no_clip_that_is_not_the_one_that_was_paid_for) {
  leave_clip('a', 10);
  std::ofstream(in_entry('a', "clip.mp4"), std::ios::app) << "more";
  const auto end = run({"path", "aaa"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_NE(end.output.find("damaged"), std::string::npos) << end.output;
}

TEST_F(Program, says_that_no_submits_are_recorded) {
  EXPECT_EQ(run({"costs"}).output, "No submits are recorded.\n");
  EXPECT_EQ(run({"costs", "--since=2026-11"}).output, "No submits are recorded from 2026-11 on.\n");
  EXPECT_EQ(run({"costs", "--json"}).exit_code, 0);
}

TEST_F(Program, lists_the_models_with_those_of_the_user) {
  const auto rows = api::Models::built_in().rows();
  EXPECT_EQ(run({"models"}).output, models_as_text(rows));
  EXPECT_EQ(run({"models", "--markdown"}).output, models_as_markdown(rows));
  EXPECT_EQ(run({"models", "--rows"}).output, api::Models::built_in_text());
  const auto file = directory_.path() + "/models.json";
  std::ofstream(file) << R"({"models":[{"model":"acme/x","like":"kling-v2-6"}]})";
  const auto end = run({"models"}, {{"MODELVERSE_MODELS_FILE", file}});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_NE(end.output.find("\nacme/x "), std::string::npos) << end.output;
}

TEST_F(Program, says_where_the_users_list_is_wrong) {
  const auto file = directory_.path() + "/models.json";
  std::ofstream(file) << "{\n\"models\": [{\"model\": \"x\", \"like\": \"y\"}]\n}";
  const auto end = run({"models"}, {{"MODELVERSE_MODELS_FILE", file}});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_NE(end.output.find(file + ": models[0] (x).like: "), std::string::npos) << end.output;
}

TEST_F(Program, explains_itself) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word : {"list", "path", "remove", "prune", "costs", "models", "--cache-dir",
                           "--json", "--force", "--older-than", "--help"})
    EXPECT_NE(help.output.find(word), std::string::npos) << word;
  EXPECT_EQ(run({"-h", "list"}).output, help.output);
  EXPECT_TRUE(run({"--version"}).output.starts_with("modelverse-tasks "));
}

TEST_F(Program, tells_programs_the_same_in_all_languages) {
  leave('a', RecordState::submitted);
  leave('b', RecordState::submitted);
  std::ofstream(in_entry('b', "record.json")) << "{";
  const auto in_chinese = [&](const std::vector<std::string>& arguments) {
    return run(arguments, {{"LC_ALL", "zh_CN.UTF-8"}}).output;
  };
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"list", "--tsv"}, {"models", "--markdown"}})
    EXPECT_EQ(in_chinese(arguments), run(arguments).output);
  // The age may differ.
  EXPECT_NE(in_chinese({"list", "--json"}).find("\"unfinished\""), std::string::npos);
}

TEST_F(Program, refuses_a_command_line_that_says_nothing) {
  const std::vector<std::vector<std::string>> bad = {{},
                                                     {"lists"},
                                                     {"list", "all"},
                                                     {"--wrong"},
                                                     {"list", "--markdown"},
                                                     {"list", "--json", "--tsv"},
                                                     {"list", "--force"},
                                                     {"path"},
                                                     {"path", "a", "b"},
                                                     {"remove"},
                                                     {"prune"},
                                                     {"prune", "--max-size=lots"},
                                                     {"prune", "--max-size=-1"},
                                                     {"prune", "--older-than=30"},
                                                     {"prune", "--older-than=1h", "a"},
                                                     {"costs", "--by=year"},
                                                     {"costs", "--since=yesterday"},
                                                     {"costs", "--since=2026-02-30"},
                                                     {"list", "--since=2026-02-03"},
                                                     {"models", "--cache-dir=x"},
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
