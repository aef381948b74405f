// SPDX-License-Identifier: LGPL-2.1-or-later
// A disk that is full, and who can read the files.
#include <filesystem>

#include "fault/player_test.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Disk : public PlayerTest {
 protected:
  void SetUp() override {
    PlayerTest::SetUp();
    start_emulator({"--generation-time", "0.05"});
  }
  std::string out() const { return files_.path() + "/out.mp4"; }
  std::string to_file() const { return " ! filesink location=" + out(); }
  // Runs the player where `mounts` have been made, which no other process sees. Nothing where this
  // system does not let us.
  std::optional<ProcessEnd> play_with(const std::string& mounts, const std::string& pipeline) {
    Process may({"unshare", "-rm", "mount", "-t", "tmpfs", "none", "/var/tmp"}, {});
    if (may.wait().exit_code != 0)
      return std::nullopt;
    const auto script = mounts + " && exec \"$@\"";
    Process process(player(pipeline, {"unshare", "-rm", "sh", "-ec", script, "sh"}), {});
    return process.wait();
  }
  ScratchDirectory files_;
};

TEST_F(Disk, a_full_disk_costs_the_cache_and_not_the_clip) {
  const auto cache = files_.path() + "/small";
  fs::create_directory(cache);
  const auto end = play_with("mount -t tmpfs -o size=400k none " + cache,
                             source("cache-dir=" + cache) + to_file());
  if (!end)
    GTEST_SKIP() << "no mounts of our own here";
  EXPECT_EQ(end->exit_code, 0) << end->output;
  const auto warning = end->output.find("disk is full");
  ASSERT_NE(warning, std::string::npos) << end->output;
  EXPECT_NE(end->output.find("not cached", warning), std::string::npos) << end->output;
  EXPECT_TRUE(file_content(out()) == file_content(clip_path()));
  EXPECT_EQ(emulator().submits(), 1u);
}

// Owner-only, whatever the umask.
TEST_F(Disk, nobody_else_can_read_what_is_written) {
  emulator().play(R"({"rules":[{"route":"result","reset_after":300000},
                               {"route":"result","times":0,"status":403}]})");
  Process process(
      {"sh", "-c", "umask 0; exec \"$@\"", "sh", player("x")[0], source() + " ! fakesink"}, {});
  EXPECT_EQ(process.wait().exit_code, 1);
  int files = 0;
  for (const auto& item : fs::recursive_directory_iterator(cache_dir())) {
    const auto mode = item.status().permissions();
    EXPECT_EQ(mode & fs::perms(077), fs::perms::none) << item.path();
    ++files;
  }
  // More where the second changed between submit and end: the task's time.
  EXPECT_GE(files, 7)
      << "the entry, its lock, its record and the part of the clip; the ledger, its "
         "month and the submit";
}

}  // namespace
}  // namespace test_support
