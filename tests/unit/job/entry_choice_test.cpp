// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/entry_choice.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bench.h"

namespace modelverse::job::test {
namespace {

struct EntryChoice : Bench {
  Result<std::unique_ptr<store::Entry>> choose() {
    return lock_entry(plan, board, *clock, board.stop_token());
  }
  // No folder can be made below a file, not even by root.
  void block_the_cache() {
    std::ofstream(folder.path() + "/file") << "in the way";
    plan.cache_dir = folder.path() + "/file/cache";
  }
};

TEST_F(EntryChoice, is_the_entry_in_the_cache_folder_and_locked) {
  const auto entry = choose();
  ASSERT_TRUE(entry.ok());
  EXPECT_TRUE((*entry)->is_locked());
  EXPECT_EQ((*entry)->clip_path(), entry_path("clip.mp4"));
  EXPECT_TRUE(warnings().empty());
}

TEST_F(EntryChoice, waits_until_the_other_holder_lets_go) {
  auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  int sleeps = 0;
  clock->on_sleep = [&] {
    if (++sleeps == 3)
      other->unlock();
  };
  const auto entry = choose();
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(sleeps, 3);
}

TEST_F(EntryChoice, gives_up_waiting_when_it_is_stopped) {
  const auto other = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*other->try_lock());
  clock->on_sleep = [&] { board.leave(); };
  const auto entry = choose();
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.error().code, ErrorCode::cancelled);
}

TEST_F(EntryChoice, is_a_private_refuge_with_a_warning_where_the_cache_cannot_be_written) {
  block_the_cache();
  auto entry = choose();
  ASSERT_TRUE(entry.ok()) << entry.error().text;
  const auto refuge = "/var/tmp/gst-modelverse-" + std::to_string(getuid());
  EXPECT_TRUE((*entry)->clip_path().starts_with(refuge + "/"));
  EXPECT_EQ(std::filesystem::status(refuge).permissions(), std::filesystem::perms::owner_all);
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find(refuge), std::string::npos);
  EXPECT_NE(warnings()[0].text.find(plan.cache_dir), std::string::npos);
}

}  // namespace
}  // namespace modelverse::job::test
