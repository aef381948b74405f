// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes that may open few files.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "element/element_test.h"
#include "support/process.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Descriptors : public ElementTest {
 protected:
  std::string cache() const { return cache_dir() + "/cache"; }
  std::string output(int number) const {
    return cache_dir() + "/" + std::to_string(number) + ".mp4";
  }
  std::string pipeline(int number, const std::string& more = {}) const {
    return source("cache-dir=" + cache() + " take=" + std::to_string(number) + " " + more) +
           " ! filesink location=" + output(number);
  }
  // Many elements in a process that may open so many files.
  static ProcessEnd run_with(int descriptors, const std::vector<std::string>& pipelines) {
    const auto script = "ulimit -n " + std::to_string(descriptors) + "; exec \"$@\"";
    std::vector<std::string> words = {"sh", "-c", script, "sh",
                                      from_environment("MODELVERSE_VICTIM")};
    words.insert(words.end(), pipelines.begin(), pipelines.end());
    Process process(words, {{"MODELVERSE_API_KEY", "test-key-3f9a"}});
    return process.wait();
  }
  std::vector<std::string> pipelines(const std::string& more = {}) const {
    std::vector<std::string> all;
    for (int i = 0; i < elements; ++i)
      all.push_back(pipeline(i, more));
    return all;
  }
  // None is unknown, and no id is lost.
  void expect_that_each_task_is_recorded() const {
    const auto kept = records();
    for (const auto& record : kept)
      EXPECT_EQ(record.find("submitting"), std::string::npos) << record;
    for (const auto& task : emulator().tasks())
      EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [&](const std::string& record) {
        return record.find(task.id) != std::string::npos;
      })) << task.id;
  }
  // The records of the cache, as text.
  std::vector<std::string> records() const {
    std::vector<std::string> found;
    for (const auto& entry : entries_in(cache()))
      found.push_back(file_content(entry / "record.json"));
    return found;
  }
  static constexpr int elements = 60;
};

// The pipelines and their clips have 240 to 250 of 280 descriptors, by release of GStreamer;
// without a limit, the jobs would take 150 more.
TEST_F(Descriptors, of_a_process_with_many_elements_are_enough) {
  start_emulator({"--generation-time", "0.2"});
  const auto end = run_with(280, pipelines());
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(emulator().submits(), unsigned{elements});
  const auto clip = file_content(clip_path());
  for (int i = 0; i < elements; ++i)
    EXPECT_TRUE(file_content(output(i)) == clip) << i;
  expect_that_each_task_is_recorded();
}

TEST_F(Descriptors, that_are_not_enough_lose_no_task) {
  start_emulator({"--generation-time", "0.2"});
  const auto end = run_with(200, pipelines("retries=1 retry-backoff-factor=0.1"));
  EXPECT_EQ(end.exit_code, 2) << end.output;
  EXPECT_GT(emulator().submits(), 0u);
  expect_that_each_task_is_recorded();
}

}  // namespace
}  // namespace test_support
