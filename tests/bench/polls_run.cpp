// SPDX-License-Identifier: LGPL-2.1-or-later
// What polls_bench simulates, with elements and the emulator: how often each task is polled, and
// how long after its end that is noticed. Three times as many elements at once in one process: with
// polls every 5 s, which leaves a history, with the automatic interval and that history, and with
// the automatic interval in an empty cache.
//
// polls_run [NUMBER [MEDIAN [SPREAD]]]    (100 60 0.2)
#include <gst/gst.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "elements.h"
#include "record.h"
#include "support/emulator_process.h"
#include "support/scratch_directory.h"

namespace {

using test_support::ended;
using test_support::failed;

// By the emulator's clock, of the tasks since `earlier`.
void show(const std::string& name, const test_support::EmulatorProcess& emulator,
          std::set<std::string>& earlier, unsigned in_stats) {
  std::map<std::string, double> submitted, noticed;
  for (const auto& request : emulator.requests("submit"))
    submitted[request.task_id] = request.time;
  const auto all_polls = emulator.requests("status");
  for (const auto& request : all_polls)
    noticed[request.task_id] = request.time;
  double lag = 0, seconds = 0, number = 0;
  for (const auto& task : emulator.tasks())
    if (earlier.insert(task.id).second) {
      lag += noticed[task.id] - submitted[task.id] - task.generation_time;
      seconds += task.generation_time;
      ++number;
    }
  const double polls = static_cast<double>(all_polls.size()) / number;
  std::printf("%-12s %.0f tasks of %.1f s: %.2f polls (stats: %.2f), %.2f s lag\n", name.c_str(),
              number, seconds / number, polls, in_stats / number, lag / number);
  test_support::record("\"bench\": \"polls_run\", \"name\": \"" + name + "\", \"polls\": " +
                       std::to_string(polls) + ", \"lag\": " + std::to_string(lag / number));
  emulator.forget_requests();
}

bool run(int number, const std::string& times) {
  const test_support::ScratchDirectory directory;
  const test_support::EmulatorProcess emulator(
      {"--generation-time", times, "--clip", std::getenv("MODELVERSE_TEST_CLIP")});
  std::set<std::string> earlier;
  int take = 0;
  const auto round = [&](const std::string& name, const char* interval, const char* cache) {
    ended = 0;
    unsigned polls = 0;
    std::vector<test_support::PipelinePtr> pipelines;
    for (int i = 0; i < number; ++i)
      pipelines.push_back(test_support::play(
          std::string("modelversesrc name=source api-key=any prompt=polls image-fit=none") +
          " poll-interval=" + interval + " take=" + std::to_string(take++) + " image-path=" +
          std::getenv("MODELVERSE_TEST_PICTURE") + " cache-dir=" + directory.path() + cache +
          " base-url=" + emulator.base_url() + " ! fakesink"));
    const bool is_good = test_support::wait_until(
        [number] { return ended == number || failed > 0; }, std::chrono::seconds(1200));
    for (const auto& pipeline : pipelines) {
      polls += test_support::polls_of(pipeline);
      gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    }
    show(name, emulator, earlier, polls);
    return is_good && failed == 0;
  };
  return round("every 5 s", "5000", "/cache") && round("history", "0", "/cache") &&
         round("no history", "0", "/empty");
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const int number = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::string times =
      std::string(argc > 2 ? argv[2] : "60") + '~' + (argc > 3 ? argv[3] : "0.2");
  test_support::raise_descriptors(65536);
  std::printf("%d elements, --generation-time %s\n", number, times.c_str());
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return run(number, times) ? 0 : 1;
}
