// SPDX-License-Identifier: LGPL-2.1-or-later
// How often the service is asked for a clip, and how long the clip lies there before it is noticed:
// the element's own policy beside fixed periods, simulated.
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>

#include "core/policy.h"
#include "record.h"

namespace {

using Seconds = std::chrono::duration<double>;
// The wait before the poll of this number.
using Schedule = std::function<Seconds(unsigned)>;

constexpr int tasks = 100'000;
// Three lengths of clip, by the estimates of a public client: 4, 8 and 12 s of video.
constexpr std::array usual_times = {Seconds(105), Seconds(180), Seconds(270)};
constexpr double spread = 0.2;  // a task takes so much less or more

struct Mean {
  double polls = 0;
  double lag = 0;  // s
};

Mean simulate(const Schedule& schedule, Seconds usual) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> part(1 - spread, 1 + spread);
  Mean sum;
  for (int task = 0; task < tasks; ++task) {
    const Seconds takes = usual * part(random);
    Seconds asked{0};
    unsigned polls = 0;
    while (asked < takes)
      asked += schedule(polls++);
    sum.polls += polls;
    sum.lag += (asked - takes).count();
  }
  return {sum.polls / tasks, sum.lag / tasks};
}

void show(const std::string& name, const Schedule& schedule) {
  std::printf("%-16s", name.c_str());
  for (const auto usual : usual_times) {
    const auto [polls, lag] = simulate(schedule, usual);
    std::printf("%8.1f polls %5.2f s lag", polls, lag);
    test_support::record("\"bench\": \"polls\", \"name\": \"" + name + "\", \"task_seconds\": " +
                         std::to_string(usual.count()) + ", \"polls\": " + std::to_string(polls) +
                         ", \"lag\": " + std::to_string(lag));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  std::printf("%d simulated tasks of 105, 180 and 270 s, 20 %% less or more\n", tasks);
  std::mt19937_64 engine(2);
  const modelverse::PollPolicy policy(std::chrono::seconds(5), [&engine] {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  });
  show("modelversesrc", [&](unsigned poll) { return Seconds(policy.wait_before(poll)); });
  for (const int period : {1, 5, 10})
    show("every " + std::to_string(period) + " s", [period](unsigned) { return Seconds(period); });
  return 0;
}
