// SPDX-License-Identifier: LGPL-2.1-or-later
// Many who want the same clip at the same time, and a process that ends while it submits.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "element/element_test.h"
#include "support/process.h"

namespace test_support {
namespace {

class Together : public ElementTest {
 protected:
  std::string pipeline(const std::string& output) const {
    return source("cache-dir=" + cache()) + " ! filesink location=" + output;
  }
  std::string cache() const { return cache_dir() + "/cache"; }
  std::string output(int number) const { return cache_dir() + "/" + std::to_string(number); }

  std::unique_ptr<Process> start(std::vector<std::string> words) const {
    words.insert(words.begin(), g_getenv("MODELVERSE_VICTIM"));
    return std::make_unique<Process>(
        words, std::map<std::string, std::string>{{"MODELVERSE_API_KEY", "test-key-3f9a"}});
  }
  // To its end; `number` is that of its output.
  void expect_that_the_next_run_gets_the_clip(Process& next, int number) const {
    const auto end = next.wait();
    EXPECT_EQ(end.exit_code, 0) << end.output;
    EXPECT_TRUE(file_content(output(number)) == file_content(clip_path()));
  }
  static void kill(Process& process) {
    process.send_signal(SIGKILL);
    EXPECT_EQ(process.wait().signal, SIGKILL);
  }
  // A file of the only entry.
  std::filesystem::path kept(const std::string& name) const {
    for (const auto& entry : std::filesystem::directory_iterator(cache()))
      return entry.path() / name;
    return {};
  }
};

// Held by the test until all are ready: then all go at once.
class Barrier {
 public:
  explicit Barrier(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600)) {
    flock(fd_, LOCK_EX);
  }
  ~Barrier() { close(fd_); }
  void lift() { flock(fd_, LOCK_UN); }

 private:
  int fd_;
};

constexpr int many = 8;

TEST_F(Together, eight_processes_and_eight_elements_of_one_process_submit_once) {
  start_emulator({"--generation-time", "0.5"});
  const auto barrier_path = cache_dir() + "/barrier";
  Barrier barrier(barrier_path);
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < many; ++i)
    processes.push_back(start({"--barrier", barrier_path, pipeline(output(i))}));
  std::vector<std::string> words = {"--barrier", barrier_path};
  for (int i = many; i < 2 * many; ++i)
    words.push_back(pipeline(output(i)));
  processes.push_back(start(words));
  for (const auto& process : processes)
    ASSERT_TRUE(process->wait_for_output("waiting"));
  barrier.lift();
  for (const auto& process : processes) {
    const auto end = process->wait();
    EXPECT_EQ(end.exit_code, 0) << end.output;
  }
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_EQ(emulator().downloads(), 1u);
  const auto clip = file_content(clip_path());
  for (int i = 0; i < 2 * many; ++i)
    EXPECT_TRUE(file_content(output(i)) == clip) << i;
}

// The first one's death hands the task on, in whatever step it was.
TEST_F(Together, a_waiting_process_goes_on_with_the_task_of_one_that_is_killed) {
  start_emulator({"--generation-time", "1"});
  auto first = start({pipeline(output(0))});
  ASSERT_TRUE(first->wait_for_output("generate START"));
  auto second = start({pipeline(output(1))});
  kill(*first);
  expect_that_the_next_run_gets_the_clip(*second, 1);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Together, a_download_goes_on_at_the_byte_where_it_was_killed) {
  start_emulator({"--generation-time", "0.1"});
  emulator().play(R"({"rules":[{"route":"result","bytes_per_second":1000000}]})");
  auto first = start({pipeline(output(0))});
  ASSERT_TRUE(first->wait_for_output("download ..."));
  kill(*first);
  const auto have = std::filesystem::file_size(kept("clip.part"));
  EXPECT_GT(have, 0u);
  expect_that_the_next_run_gets_the_clip(*start({pipeline(output(1))}), 1);
  const auto results = emulator().requests("result");
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].range, "bytes=" + std::to_string(have) + "-");
  EXPECT_EQ(results[1].status, 206);
}

TEST_F(Together, a_process_that_ends_while_it_submits_waits_for_the_tasks_id) {
  start_emulator({"--generation-time", "0.2"});
  emulator().play(R"({"rules":[{"route":"submit","delay":2}]})");
  auto process = start({"--stop-at", "submit", pipeline(output(0))});
  ASSERT_TRUE(process->wait_for_output("end of main"));
  EXPECT_EQ(process->wait().exit_code, 0);
  ASSERT_EQ(emulator().tasks().size(), 1u);
  const auto record = file_content(kept("record.json"));
  EXPECT_NE(record.find(emulator().tasks()[0].id), std::string::npos) << record;
  expect_that_the_next_run_gets_the_clip(*start({pipeline(output(1))}), 1);
  EXPECT_EQ(emulator().submits(), 1u);
}

// A child runs the same functions at its exit, but has none of the threads they wait for.
TEST_F(Together, a_forked_child_exits_at_once_while_its_parent_submits) {
  start_emulator({"--generation-time", "0.2"});
  emulator().play(R"({"rules":[{"route":"submit","delay":20}]})");
  auto process = start({"--fork-at", "submit", pipeline(output(0))});
  ASSERT_TRUE(process->wait_for_output("submit START"));
  ASSERT_TRUE(process->wait_for_output("child has exited"));
  EXPECT_EQ(process->output().find("submit COMPLETE"), std::string::npos) << "it waited";
  kill(*process);
}

}  // namespace
}  // namespace test_support
