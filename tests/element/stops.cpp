// SPDX-License-Identifier: LGPL-2.1-or-later
// Random instants, and what a stop there takes.
#include "stops.h"

#include <thread>

namespace test_support {

namespace {

constexpr unsigned longest_wait = 30'000;  // us, from the phase's begin to the stop

// Each phase lasts far longer than the wait before a stop.
constexpr const char* slow_submits = R"({"rules":[{"route":"submit","delay":0.3,"times":0}]})";
constexpr const char* slow_results =
    R"({"rules":[{"route":"result","bytes_per_second":50000,"times":0}]})";

}  // namespace

void StopTest::prepare(const std::string& phase) {
  const bool has_end = phase == "download" || phase == "cached";
  start_emulator({"--generation-time", has_end ? "0" : "1000", "--clip", early_clip_path()});
  if (phase == "submit")
    emulator().play(slow_submits);
  if (phase == "download")
    emulator().play(slow_results);
  if (phase != "cached")
    return;
  Pipeline pipeline(source() + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
}

std::string StopTest::stopped(const std::string& phase, int number) const {
  if (phase == "waiting")
    return "appsrc caps=image/png ! " + animator();
  // Each submit is another request; the other phases go on with the same task.
  const auto take = phase == "submit" ? number : 0;
  return source("poll-interval=20 take=" + std::to_string(take));
}

Milliseconds StopTest::stop_once(const std::string& phase, int number) {
  Pipeline pipeline(stopped(phase, number) + " ! fakesink sync=true");
  pipeline.set_state(GST_STATE_PLAYING);
  if (phase != "cached" && phase != "waiting")
    pipeline.wait_for_progress(phase, GST_PROGRESS_TYPE_START);
  // The instant is what is tried: nothing is waited for.
  std::this_thread::sleep_for(std::chrono::microseconds(random_() % longest_wait));
  return time_of([&] { pipeline.set_state(GST_STATE_NULL); });
}

std::vector<Milliseconds> StopTest::stop_often(int count) {
  const std::string phase = GetParam();
  prepare(phase);
  std::vector<Milliseconds> times;
  for (int number = 0; number < count; ++number)
    times.push_back(stop_once(phase, number));
  EXPECT_TRUE(wait_for_no_job_threads());
  // A stop that came before the POST has submitted nothing.
  EXPECT_LE(emulator().submits(), phase == "submit" ? static_cast<unsigned>(count) : 1u);
  return times;
}

}  // namespace test_support
