// SPDX-License-Identifier: LGPL-2.1-or-later
// How often the service is polled, and how long a clip lies there before that is noticed: the
// element's own schedule beside fixed periods, simulated, and beside the best of all schedules.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>
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

// The fewest polls for a lag, by dynamic programming over the times of the polls: each poll costs
// 1, and each second of lag as much as gives the lag that is asked for.
class BestSchedule {
 public:
  // Waits of `least` to `most` seconds, the first of `first`, or of any length if that is 0.
  BestSchedule(double spread, double first, double least, double most)
      : first_(steps(first)), least_(steps(least)), most_(steps(most)) {
    const int size = steps(median * std::exp(4.5 * spread));
    ended_.assign(1, 0);
    sum_.assign(1, 0);
    for (int i = 1; i <= size; ++i) {
      ended_.push_back(std::erfc(-std::log(i * step / median) / spread / std::numbers::sqrt2) / 2);
      sum_.push_back(sum_.back() + step * (ended_[i] + ended_[i - 1]) / 2);
    }
  }

  double polls(double lag) const {
    double low = 1e-3, high = 100;
    while (high / low > 1.0001) {
      const double price = std::sqrt(low * high);
      (cheapest(price).lag > lag ? low : high) = price;
    }
    return cheapest(high).polls;
  }

 private:
  static constexpr double step = 0.25;  // s
  static int steps(double seconds) { return static_cast<int>(std::lround(seconds / step)); }

  // Mean lag of the tasks that end between two polls, times their part of all.
  double lag_between(int from, int to) const {
    return sum_[to] - sum_[from] - ended_[from] * step * (to - from);
  }

  Mean cheapest(double price) const {
    const int end = static_cast<int>(ended_.size()) - 1;
    std::vector<Mean> best(ended_.size());  // from each time on
    for (int now = end - 1; now >= 0; --now) {
      const bool is_first = now == 0 && first_ > 0;
      const int last = std::min(end, now + (is_first ? first_ : most_));
      double least_cost = HUGE_VAL;
      Mean chosen;
      for (int next = std::min(last, now + (is_first ? first_ : least_)); next <= last; ++next) {
        const Mean mean = {1 - ended_[now] + best[next].polls,
                           lag_between(now, next) + best[next].lag};
        const double cost = mean.polls + price * mean.lag;
        if (cost < least_cost) {
          least_cost = cost;
          chosen = mean;
        }
      }
      best[now] = chosen;
    }
    return best[0];
  }

  int first_, least_, most_;
  std::vector<double> ended_;  // the part of the tasks that has ended, each `step`
  std::vector<double> sum_;    // its integral
};

// The lower bound of polls times lag, (integral of sqrt(f (1 - F)))^2 / 2.
double bound(double spread) {
  constexpr double step = 0.001;
  double integral = 0;  // over the deviations of the logarithm
  for (double z = -8; z < 8; z += step)
    integral += step * std::sqrt(std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) *
                                 std::erfc(z / std::numbers::sqrt2) / 2 * spread * median *
                                 std::exp(spread * z));
  return integral * integral / 2;
}

void show(double spread, const std::string& name, const Mean& mean) {
  // Polls of a fixed period with the same lag.
  const auto same_lag = every(spread, 2 * mean.lag);
  std::printf("spread %.1f  %-34s %5.1f polls %5.2f s lag, %.2f of a fixed period's\n", spread,
              name.c_str(), mean.polls, mean.lag, mean.polls / same_lag.polls);
  test_support::record(
      "\"bench\": \"polls\", \"name\": \"" + name + "\", \"spread\": " + std::to_string(spread) +
      ", \"polls\": " + std::to_string(mean.polls) + ", \"lag\": " + std::to_string(mean.lag) +
      ", \"same_lag_polls\": " + std::to_string(same_lag.polls));
}

void show_best(double spread, double lag) {
  const std::string at = ", lag of " + std::to_string(lag).substr(0, 3) + " s";
  show(spread, "bound of the theory" + at, {bound(spread) / lag, lag});
  show(spread, "best" + at, {BestSchedule(spread, 0, 0.25, 1e6).polls(lag), lag});
  for (const int most : {20, 15, 12, 10})
    show(spread, "best, 1 to " + std::to_string(most) + " s" + at,
         {BestSchedule(spread, 2, 1, most).polls(lag), lag});
}

}  // namespace

int main() {
  std::printf("%d simulated tasks of %.0f s, log-normal\n", tasks, median);
  for (const double spread : {0.1, 0.2, 0.4}) {
    show(spread, "every 5 s", every(spread, 5));
    for (const double wrong : {1.0, 0.5, 2.0})
      for (const int history : {0, 1, 3, 10, 100})
        show(spread,
             "history of " + std::to_string(history) +
                 (wrong < 1   ? ", half the time"
                  : wrong > 1 ? ", twice the time"
                              : ""),
             automatic(spread, history, wrong));
    for (const double lag : {2.5, 1.2})
      show_best(spread, lag);
  }
  return 0;
}
