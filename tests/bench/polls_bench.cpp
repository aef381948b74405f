// SPDX-License-Identifier: LGPL-2.1-or-later
// How often the service is polled, and how long a clip lies there before that is noticed: the
// element's own schedule beside fixed periods, simulated.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/policy.h"
#include "record.h"

namespace {

constexpr int tasks = 20'000;
constexpr double median = 120;  // s

struct Mean {
  double polls = 0;
  double lag = 0;  // s
};

class Service {
 public:
  explicit Service(double spread) : logarithm_(std::log(median), spread) {}
  double task() { return std::exp(logarithm_(random_)); }

 private:
  std::mt19937_64 random_{1};
  std::normal_distribution<double> logarithm_;
};

// The wait before the next poll, so many seconds after the submit.
using Wait = std::function<double(double elapsed)>;

// `next_wait` makes the schedule of each task.
Mean simulate(Service service, const std::function<Wait(Service&)>& next_wait) {
  Mean sum;
  for (int task = 0; task < tasks; ++task) {
    const auto wait = next_wait(service);
    const auto takes = service.task();
    double now = 0;
    for (; now < takes; ++sum.polls)
      now += wait(now);
    sum.lag += now - takes;
  }
  return {sum.polls / tasks, sum.lag / tasks};
}

Mean every(double spread, double period) {
  return simulate(Service(spread), [period](Service&) -> Wait {
    return [period](double elapsed) { return elapsed < 2 ? 2 : period; };
  });
}

// After a history of so many tasks, with their times taken `wrong` times as long as they were.
Mean automatic(double spread, int history, double wrong) {
  return simulate(Service(spread), [&](Service& service) -> Wait {
    std::vector<double> earlier;
    for (int i = 0; i < history; ++i)
      earlier.push_back(wrong * service.task());
    return [times = modelverse::expect_task_times(earlier, wrong * median)](double elapsed) {
      return std::chrono::duration<double>(modelverse::automatic_wait(times, elapsed)).count();
    };
  });
}

void show(double spread, const std::string& name, const Mean& mean) {
  // Polls of a fixed period with the same lag.
  const auto same_lag = every(spread, 2 * mean.lag);
  std::printf("spread %.1f  %-26s %5.1f polls %5.2f s lag, fixed period of that lag: %5.1f polls\n",
              spread, name.c_str(), mean.polls, mean.lag, same_lag.polls);
  test_support::record(
      "\"bench\": \"polls\", \"name\": \"" + name + "\", \"spread\": " + std::to_string(spread) +
      ", \"polls\": " + std::to_string(mean.polls) + ", \"lag\": " + std::to_string(mean.lag) +
      ", \"same_lag_polls\": " + std::to_string(same_lag.polls));
}

}  // namespace

int main() {
  std::printf("%d simulated tasks of %.0f s, log-normal\n", tasks, median);
  for (const double spread : {0.1, 0.2, 0.4}) {
    show(spread, "every 5 s", every(spread, 5));
    show(spread, "no history", automatic(spread, 0, 1));
    for (const int history : {1, 3, 10, 100})
      show(spread, "history of " + std::to_string(history), automatic(spread, history, 1));
    for (const double wrong : {0.5, 2.0}) {
      const std::string factor = wrong < 1 ? ", half the time" : ", twice the time";
      show(spread, "no history" + factor, automatic(spread, 0, wrong));
      show(spread, "history of 10" + factor, automatic(spread, 10, wrong));
    }
  }
  return 0;
}
