// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks remove: what it takes away and what it does not.
#include <filesystem>
#include <fstream>

#include "program.h"
#include "store/cache.h"

namespace modelverse::tool {
namespace {

bool says(const test_support::ProcessEnd& end, const std::string& word) {
  return end.output.find(word) != std::string::npos;
}

class Remove : public test::Program {
 protected:
  // The entry of key 'a': not without --force, and `word` says why.
  void expect_only_by_force(const char* word) const {
    const auto refused = run({"remove", "a"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(says(refused, word) && says(refused, "--force")) << refused.output;
    EXPECT_TRUE(has('a'));
    EXPECT_EQ(run({"remove", "--force", "a"}).exit_code, 0);
    EXPECT_FALSE(has('a'));
  }
};

TEST_F(Remove, takes_a_finished_clip_and_leaves_nothing_of_it) {
  leave_clip('a', 10);
  leave_clip('b', 10);
  const auto end = run({"remove", "aaaa"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.output, "aaaaaaaaaaaa is removed.\n");
  EXPECT_FALSE(has('a'));
  EXPECT_TRUE(has('b'));
}

TEST_F(Remove, takes_several_and_says_which_stay) {
  leave_clip('a', 10);
  leave('b', RecordState::submitted);
  leave_clip('c', 10);
  const auto end = run({"remove", "task-a", "b", "x", "c"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_TRUE(says(end, "bbbbbbbbbbbb is not removed") && says(end, "no entry x")) << end.output;
  EXPECT_TRUE(!has('a') && has('b') && !has('c'));
}

TEST_F(Remove, forgets_no_task_that_is_paid_for_unless_it_is_forced) {
  leave('a', RecordState::submitted);
  expect_only_by_force("task-a is paid for");
}

TEST_F(Remove, forgets_no_submit_of_unknown_outcome_unless_it_is_forced) {
  leave('a', RecordState::submitting);
  expect_only_by_force("is unknown");
}

TEST_F(Remove, brings_the_clip_back_that_a_forgotten_task_was_to_replace) {
  leave_clip('a', 10);
  leave('a', RecordState::submitting);
  EXPECT_TRUE(says(run({"remove", "a"}), "The previous clip"));
  const auto forced = run({"remove", "--force", "a"});
  EXPECT_TRUE(says(forced, "the previous clip is restored")) << forced.output;
  EXPECT_EQ(run({"path", "a"}).output, in_entry('a', "clip.mp4") + "\n");
  EXPECT_EQ(run({"remove", "a"}).exit_code, 0);
  EXPECT_FALSE(has('a'));
}

TEST_F(Remove, takes_nothing_from_who_works_on_it) {
  leave_clip('a', 10);
  const auto entry = store::Cache(directory_.path()).entry(key('a'));
  ASSERT_TRUE(*entry->try_lock());
  for (const auto& arguments :
       {std::vector<std::string>{"remove", "a"}, {"remove", "--force", "a"}}) {
    const auto end = run(arguments);
    EXPECT_EQ(end.exit_code, 1);
    EXPECT_TRUE(says(end, "works on it now")) << end.output;
  }
  EXPECT_TRUE(std::filesystem::exists(in_entry('a', "clip.mp4")));
  entry->unlock();
  EXPECT_EQ(run({"remove", "a"}).exit_code, 0);
}

TEST_F(Remove, takes_nothing_from_another_machine_that_submits) {
  leave('a', RecordState::submitting);
  auto owner = store::this_process(std::chrono::minutes(13));
  owner.machine = "another";
  std::ofstream(in_entry('a', store::claim_name)) << store::encode_owner(owner);
  const auto end = run({"remove", "--force", "a"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_TRUE(says(end, "submits it now")) << end.output;
  EXPECT_TRUE(says(run({"list"}), "is claimed by " + owner.host));
  owner.boot = "an earlier one";
  owner.machine = store::this_process(std::chrono::minutes(13)).machine;
  std::ofstream(in_entry('a', store::claim_name)) << store::encode_owner(owner);
  EXPECT_EQ(run({"remove", "--force", "a"}).exit_code, 0);
  EXPECT_FALSE(has('a'));
}

TEST_F(Remove, takes_what_a_process_left_before_it_submitted) {
  auto owner = store::this_process(std::chrono::minutes(13));
  owner.start = "1";
  std::filesystem::create_directory(directory_.path() + "/" + key('a'));
  std::ofstream(in_entry('a', store::claim_name)) << store::encode_owner(owner);
  EXPECT_TRUE(says(run({"list"}), "abandoned"));
  EXPECT_EQ(run({"remove", "a"}).exit_code, 0);
  EXPECT_FALSE(has('a'));
}

TEST_F(Remove, takes_what_is_broken_where_it_is_forced) {
  leave_clip('a', 10);
  std::ofstream(in_entry('a', "record.json")) << "{";
  std::ofstream(in_entry('a', "record.json.broken-1")) << "{";
  expect_only_by_force("cannot be read");
}

TEST_F(Remove, keeps_what_was_set_aside_unless_it_is_forced) {
  leave_clip('a', 10);
  std::ofstream(in_entry('a', "record.json.broken-1")) << "{";
  const auto end = run({"remove", "a"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(says(end, "remain")) << end.output;
  EXPECT_FALSE(std::filesystem::exists(in_entry('a', "clip.mp4")));
  EXPECT_TRUE(std::filesystem::exists(in_entry('a', "record.json.broken-1")));
  EXPECT_EQ(run({"remove", "a", "--force"}).exit_code, 0);
  EXPECT_FALSE(has('a'));
}

}  // namespace
}  // namespace modelverse::tool
