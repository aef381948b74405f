// SPDX-License-Identifier: LGPL-2.1-or-later
// A record that is announced: what follows it needs neither a descriptor nor room on the disk.
#include <gtest/gtest.h>

#include <filesystem>

#include "api/record_json.h"
#include "store/record_file.h"
#include "store_support.h"
#include "support/descriptors.h"

namespace modelverse::store {
namespace {

using namespace test;

constexpr auto lease = std::chrono::minutes(13);

struct Announced : EntryBench {
  Announced() {
    EXPECT_TRUE(*entry_.try_lock());
    EXPECT_TRUE(*entry_.try_claim(lease));
    EXPECT_TRUE(*announce());
  }
  Result<bool> announce() { return entry_.announce(submitting_record(key_)); }
  RecordState state() { return entry_.load()->record->state; }
  // Without the claim.
  std::vector<std::string> names() {
    entry_.release_claim();
    return names_in(directory_);
  }
};

TEST_F(Announced, is_saved) {
  EXPECT_EQ(state(), RecordState::submitting);
}

TEST_F(Announced, is_followed_by_a_record_without_any_descriptor) {
  {
    const test_support::DescriptorsTaken all;
    ASSERT_TRUE(entry_.save(submitted_record(key_)));
  }
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
  EXPECT_EQ(names(), (std::vector<std::string>{"lock", "record.json"}));
}

TEST_F(Announced, is_given_up_without_any_descriptor) {
  {
    const test_support::DescriptorsTaken all;
    ASSERT_TRUE(entry_.give_up());
  }
  EXPECT_EQ(names(), std::vector<std::string>{"lock"});
}

TEST_F(Announced, is_given_up_without_any_descriptor_for_the_clip_of_before) {
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  finish(100);
  ASSERT_TRUE(*announce());
  {
    const test_support::DescriptorsTaken all;
    ASSERT_TRUE(entry_.give_up());
  }
  ASSERT_EQ(state(), RecordState::complete);
  EXPECT_TRUE(entry_.open_clip(*entry_.load()->record));
  EXPECT_EQ(names(), (std::vector<std::string>{"clip.mp4", "lock", "record.json"}));
}

TEST_F(Announced, is_announced_again_once_the_clip_of_before_is_back) {
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  finish(100);
  ASSERT_TRUE(*announce());
  ASSERT_TRUE(entry_.give_up());
  EXPECT_TRUE(*announce());
}

// Its claim was broken while it was suspended, and another machine has submitted.
TEST_F(Announced, neither_replaces_nor_removes_what_another_machine_has_recorded) {
  const auto text = api::encode_record(submitted_record(key_, "task-2"));
  for (const bool is_accepted : {true, false}) {
    write_file(path_of("record.json"), text);
    EXPECT_FALSE(is_accepted ? entry_.save(submitted_record(key_)) : entry_.give_up());
    EXPECT_EQ(file_content(path_of("record.json")), text);
    ASSERT_TRUE(entry_.load());
    ASSERT_TRUE(entry_.remove());
    ASSERT_TRUE(*announce());
  }
}

TEST_F(Announced, keeps_its_descriptors_no_longer_than_to_the_record_that_follows) {
  ASSERT_TRUE(entry_.give_up());
  const auto open = open_descriptors();
  ASSERT_TRUE(*announce());
  EXPECT_GT(open_descriptors(), open);
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  EXPECT_EQ(open_descriptors(), open);
  ASSERT_TRUE(entry_.remove());
  ASSERT_TRUE(*announce());
  ASSERT_TRUE(entry_.give_up());
  EXPECT_EQ(open_descriptors(), open);
}

TEST_F(Announced, is_followed_by_a_record_that_is_longer_than_was_prepared_for) {
  const std::string id(100'000, 'x');
  ASSERT_TRUE(entry_.save(submitted_record(key_, id)));
  EXPECT_EQ(entry_.load()->record->task_id, id);
}

TEST_F(Announced, is_followed_by_a_record_where_the_directory_was_deleted) {
  std::filesystem::remove_all(directory_);
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
}

// It stays as a crash left it.
TEST_F(Announced, leaves_nothing_that_is_in_the_way_of_the_next) {
  write_file(directory_ + "/" + prepared_name + "-1", "torn");
  ASSERT_TRUE(entry_.load()->record);
  ASSERT_TRUE(*announce());
  ASSERT_TRUE(entry_.give_up());
  EXPECT_EQ(names(), std::vector<std::string>{"lock"});
}

using Announcing = EntryBench;

TEST_F(Announcing, says_what_the_process_may_open_where_no_descriptor_is_left) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(*entry_.try_claim(lease));
  for (std::size_t left = 0; left < 2; ++left) {
    const test_support::DescriptorsTaken taken(left);
    const auto announced = entry_.announce(submitting_record(key_));
    ASSERT_FALSE(announced) << left;
    EXPECT_EQ(announced.error().code, ErrorCode::too_many_files);
    EXPECT_NE(announced.error().text.find("may open"), std::string::npos);
  }
  EXPECT_FALSE(entry_.load()->record);
  entry_.release_claim();
  EXPECT_EQ(names_in(directory_), std::vector<std::string>{"lock"});
}

TEST(AnnouncedOnADisk, that_is_full_by_then_is_followed_by_its_record) {
  TinyDisk disk("size=64k");
  if (!disk.why_not().empty())
    GTEST_SKIP() << disk.why_not();
  const std::string key = key_of('a');
  Entry entry(disk.path() + "/" + key, key);
  ASSERT_TRUE(*entry.try_lock());
  ASSERT_TRUE(*entry.try_claim(lease));
  ASSERT_TRUE(*entry.announce(submitting_record(key)));
  auto part = entry.open_partial();
  disk.fill_up();
  ASSERT_FALSE(grow(**part, 1)) << "there is room";
  ASSERT_TRUE(entry.save(submitted_record(key, std::string(1000, 'x'))));
  EXPECT_EQ(entry.load()->record->task_id, std::string(1000, 'x'));
}

// A claim cannot be made there, by no process.
TEST(EntryOnADisk, that_is_full_can_be_removed) {
  TinyDisk disk("size=64k");
  if (!disk.why_not().empty())
    GTEST_SKIP() << disk.why_not();
  const std::string key = key_of('a');
  Entry entry(disk.path() + "/" + key, key);
  ASSERT_TRUE(*entry.try_lock());
  ASSERT_TRUE(entry.save(submitted_record(key)));
  disk.fill_up();
  EXPECT_TRUE(entry.remove());
}

}  // namespace
}  // namespace modelverse::store
