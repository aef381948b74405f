// SPDX-License-Identifier: LGPL-2.1-or-later
// Several machines share a cache directory whose locks are local to each of them and whose changes
// the others see late (tests/crash/mounts); processes are killed at random instants. Each request
// is wanted on two machines. MODELVERSE_REQUESTS: how many; MODELVERSE_SEED: another sequence.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <vector>

#include "element/element_test.h"
#include "support/emulator_process.h"
#include "support/process.h"
#include "support/scratch_directory.h"
#include "support/threads.h"

namespace test_support {
namespace {

constexpr unsigned machines = 8;
constexpr unsigned machines_of_a_request = 2;
constexpr unsigned most_kills = 3;                              // of one process's successors
constexpr auto longest_life = std::chrono::milliseconds(1500);  // of a process that is killed

constexpr const char* script = R"({"rules":[
  {"route":"submit","delay":0.1,"times":0},
  {"route":"result","bytes_per_second":20000000,"times":0}]})";

struct Counts {
  unsigned clips = 0;    // arrived, byte by byte
  unsigned unknown = 0;  // refused, since the outcome of a submit is unknown
  unsigned kills = 0;
  unsigned waits = 0;  // for the claim of another
};

class Machines {
 public:
  Machines(unsigned requests, unsigned seed) : requests_(requests), seed_(seed) {
    emulator_.play(script);
  }

  Counts run() {
    on_threads(machines, [this](unsigned machine) { work(machine); });
    return counts_;
  }

  std::map<std::string, unsigned> submits() const {
    std::map<std::string, unsigned> all;
    for (const auto& task : emulator_.tasks())
      ++all[task.prompt];
    return all;
  }

 private:
  void work(unsigned machine) {
    std::mt19937 random(seed_ * machines + machine);
    for (;;) {
      const unsigned number = next_++;
      if (number >= requests_ * machines_of_a_request)
        return;
      fetch(machine, number / machines_of_a_request, random);
    }
  }

  // As a scheduler would: what was killed is started again.
  void fetch(unsigned machine, unsigned request, std::mt19937& random) {
    Counts own;
    const auto kills = std::uniform_int_distribution<unsigned>(0, most_kills)(random);
    while (own.kills < kills && kill_one(machine, request, random))
      ++own.kills;
    Process process(command(machine, request), environment(machine));
    const auto end = process.wait();
    own.waits = end.output.find("is submitting this clip") != std::string::npos;
    if (end.exit_code == 0) {
      ++own.clips;
      EXPECT_EQ(file_content(output(machine)), file_content(ElementTest::clip_path())) << request;
    } else {
      ++own.unknown;
      EXPECT_NE(end.output.find("may have been accepted and billed"), std::string::npos)
          << prompt(request) << " on machine " << machine << ": " << end.output;
    }
    const std::lock_guard lock(mutex_);
    counts_.clips += own.clips;
    counts_.unknown += own.unknown;
    counts_.kills += own.kills;
    counts_.waits += own.waits;
  }

  // False: it came to its end before.
  bool kill_one(unsigned machine, unsigned request, std::mt19937& random) {
    Process process(command(machine, request), environment(machine));
    const auto most = std::chrono::duration_cast<std::chrono::microseconds>(longest_life).count();
    const std::chrono::microseconds life(
        std::uniform_int_distribution<std::int64_t>(0, most)(random));
    if (!process.outlives(life))
      return false;
    process.send_signal(SIGKILL);
    return process.wait().signal == SIGKILL;
  }

  static std::string prompt(unsigned request) { return "shot " + std::to_string(request); }
  std::string output(unsigned machine) const {
    return directory_.path() + "/out-" + std::to_string(machine) + ".mp4";
  }
  std::vector<std::string> command(unsigned machine, unsigned request) const {
    return {from_environment("MODELVERSE_TEST_PLAYER"),
            "modelversesrc name=src poll-interval=40 base-url=" + emulator_.base_url() +
                " cache-dir=" + directory_.path() + "/cache image-path=" + ElementTest::picture() +
                " prompt=\"" + prompt(request) + "\" ! filesink location=" + output(machine)};
  }
  std::map<std::string, std::string> environment(unsigned machine) const {
    return {{"MODELVERSE_API_KEY", "k"},
            {"LD_PRELOAD", from_environment("MODELVERSE_TEST_MOUNTS")},
            {"MODELVERSE_LATE_DIRECTORY", directory_.path() + "/cache"},
            {"MODELVERSE_LATE_CACHE", directory_.path() + "/names-" + std::to_string(machine)}};
  }

  const unsigned requests_;
  const unsigned seed_;
  EmulatorProcess emulator_{{"--clip", ElementTest::clip_path(), "--generation-time", "0.15"}};
  ScratchDirectory directory_;
  std::atomic<unsigned> next_ = 0;
  std::mutex mutex_;
  Counts counts_;
};

TEST(Machines, that_share_a_directory_without_common_locks_submit_each_request_once) {
  const auto requests = number_from("MODELVERSE_REQUESTS", 12);
  const auto seed = number_from("MODELVERSE_SEED", std::random_device()());
  std::cout << "MODELVERSE_SEED=" << seed << "\n";
  Machines all(requests, seed);
  const auto counts = all.run();
  unsigned submits = 0;
  for (const auto& [prompt, count] : all.submits()) {
    EXPECT_EQ(count, 1u) << prompt;
    submits += count;
  }
  std::cout << "  " << requests << "\trequests, each on " << machines_of_a_request << " of "
            << machines << " machines\n  " << submits << "\tsubmits accepted\n  " << counts.kills
            << "\tkills\n  " << counts.clips << "\tclips arrived\n  " << counts.unknown
            << "\tunknown outcomes\n  " << counts.waits << "\twaits for another's claim\n";
  EXPECT_LE(submits, requests);
  EXPECT_EQ(counts.clips + counts.unknown, requests * machines_of_a_request);
}

}  // namespace
}  // namespace test_support
