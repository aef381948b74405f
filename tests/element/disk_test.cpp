// SPDX-License-Identifier: LGPL-2.1-or-later
// Full, read-only and vanishing directories: the clip that was paid for is streamed, what was not
// kept is said, and nothing false is served afterwards.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "element_test.h"
#include "support/disk_faults.h"
#include "support/process.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Disk : public ElementTest {
 protected:
  std::string cache() const { return cache_dir() + "/cache"; }
  std::string output() const { return cache_dir() + "/out.mp4"; }
  std::string description(const std::string& more) const {
    return source("cache-dir=" + cache() + " " + more) + " ! filesink location=" + output();
  }
  bool has_arrived() const { return file_content(output()) == file_content(clip_path()); }

  // What one run came to.
  struct End {
    bool is_good = false;
    std::optional<ErrorSeen> error;
    std::vector<ErrorSeen> warnings;
    bool names_task() const {
      for (const auto& warning : warnings) {
        if (warning.text.find("task-id=") != std::string::npos)
          return true;
      }
      return false;
    }
  };
  End play(const std::string& more) const {
    fs::remove(output());
    Pipeline pipeline(description("poll-interval=10 " + more));
    End end{pipeline.run(), pipeline.error(), pipeline.warnings()};
    pipeline.set_state(GST_STATE_NULL);
    EXPECT_TRUE(wait_for_no_job_threads());
    if (end.is_good) {
      EXPECT_TRUE(has_arrived());
    }
    return end;
  }
  void check_the_run_after(const End& first, const std::string& request) {
    const auto paid = emulator().submits();
    const auto end = play(request);
    if (end.is_good) {
      EXPECT_EQ(emulator().submits(), 1u);
      return;
    }
    // The submit stands written down and its task's id does not: then the user was told the id, or
    // that nothing was submitted.
    EXPECT_EQ(end.error->code, GST_RESOURCE_ERROR_WRITE) << end.error->text;
    EXPECT_TRUE(first.names_task() || paid == 0);
    EXPECT_EQ(emulator().submits(), paid);
  }
};

TEST_F(Disk, that_is_full_from_any_call_on_costs_no_clip_and_no_money) {
  start_emulator({"--generation-time", "0"});
  const auto stride = std::strtoul(g_getenv("MODELVERSE_STRIDE"), nullptr, 10);
  std::size_t calls = 0;
  {
    const DiskFaults faults(cache());
    EXPECT_TRUE(play("take=1000").is_good);
    calls = DiskFaults::calls().size();
  }
  EXPECT_GT(calls, 20u);
  for (std::size_t number = 0; number < calls && !HasFailure(); number += stride) {
    SCOPED_TRACE(number);
    emulator().forget_requests();
    const auto request = "take=" + std::to_string(number);
    DiskFaults faults(cache());
    faults.fail_at(number, ENOSPC, true);
    const auto end = play(request);
    faults.heal();
    EXPECT_EQ(emulator().submits(), end.is_good ? 1u : 0u);
    EXPECT_TRUE(end.is_good || end.error->code == GST_RESOURCE_ERROR_OPEN_WRITE) << end.error->text;
    const auto requests = emulator().requests().size();
    check_the_run_after(end, request);
    if (end.is_good && end.warnings.empty()) {
      EXPECT_EQ(emulator().requests().size(), requests) << "it was not kept, and nothing was said";
    }
  }
}

TEST_F(Disk, whose_directory_is_deleted_in_any_phase_costs_no_clip) {
  start_emulator({"--generation-time", "0.3"});
  int take = 0;
  for (const std::string code : {"submit", "generate", "download"}) {
    emulator().play(R"({"rules":[{"route":"submit","delay":1},
                                 {"route":"result","bytes_per_second":4000000}]})");
    const auto request = "take=" + std::to_string(++take);
    emulator().forget_requests();
    Pipeline pipeline(description(request));
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress(
        code, code == "download" ? GST_PROGRESS_TYPE_CONTINUE : GST_PROGRESS_TYPE_START);
    // The phase begins before its record is written; the POST comes after that.
    if (code == "submit") {
      ASSERT_TRUE(wait_until([&] { return !emulator().tasks().empty(); }));
    }
    fs::remove_all(cache());
    EXPECT_TRUE(pipeline.wait_for_end()) << code;
    pipeline.set_state(GST_STATE_NULL);
    EXPECT_TRUE(has_arrived()) << code;
    EXPECT_EQ(emulator().submits(), 1u);
    // Earlier writes make the directory anew.
    EXPECT_TRUE(code != "download" || !pipeline.warnings().empty());
    // The directory is made anew where that is early enough for the clip to be kept.
    EXPECT_TRUE(play(request).is_good);
    EXPECT_EQ(emulator().submits(), code == "download" ? 2u : 1u) << code;
  }
}

// Real file systems, in a mount namespace of their own.
class Mounted : public Disk {
 protected:
  void SetUp() override {
    Disk::SetUp();
    start_emulator({"--generation-time", "0"});
    fs::create_directory(cache());
    Process probe(in_namespace("mount -t tmpfs tmpfs /var/tmp"), {});
    if (const auto end = probe.wait(); end.exit_code != 0)
      GTEST_SKIP() << "nothing can be mounted here: " << end.output;
  }
  static std::vector<std::string> in_namespace(const std::string& script) {
    return {"unshare", getuid() == 0 ? "-m" : "-rm", "sh", "-e", "-c", script};
  }
  // `mounts`, then the pipeline twice.
  ProcessEnd play_twice(const std::string& mounts) const {
    const std::string run = "\"$MODELVERSE_VICTIM\" '" + description("poll-interval=10") + "'";
    Process process(in_namespace(mounts + "\n" + run + "; echo; " + run),
                    {{"MODELVERSE_API_KEY", "k"}});
    return process.wait();
  }
  static std::size_t count(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      ++count;
    return count;
  }
};

TEST_F(Mounted, a_disk_that_is_too_small_for_the_clip_is_said_and_the_clip_streamed) {
  const auto end = play_twice("mount -t tmpfs -o size=800k tmpfs " + cache());
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(count(end.output, "EOS"), 2u) << end.output;
  EXPECT_EQ(count(end.output, "WARNING"), 2u) << end.output;
  EXPECT_EQ(count(end.output, "disk is full"), 2u) << end.output;
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_TRUE(has_arrived());
}

TEST_F(Mounted, a_finished_clip_is_read_from_a_read_only_directory) {
  EXPECT_TRUE(play("").is_good);
  emulator().forget_requests();
  const auto end = play_twice("mount --bind " + cache() + " " + cache() +
                              "\nmount -o remount,ro,bind " + cache());
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(count(end.output, "WARNING"), 0u) << end.output;
  EXPECT_TRUE(emulator().requests().empty());
  EXPECT_TRUE(has_arrived());
}

TEST_F(Mounted, nothing_is_submitted_where_no_id_could_be_kept) {
  const auto end = play_twice("mount -t tmpfs -o ro tmpfs " + cache() + "\nset +e");
  EXPECT_EQ(end.exit_code, 2) << end.output;
  EXPECT_EQ(count(end.output, "read-only"), 2u) << end.output;
  EXPECT_EQ(emulator().submits(), 0u);
}

}  // namespace
}  // namespace test_support
