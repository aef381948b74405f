// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends polls and decides from each response what follows.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "api/wire.h"
#include "core/result.h"
#include "job/context.h"
#include "job/refusal.h"

namespace modelverse::job {

class Poller {
 public:
  explicit Poller(Context& context);

  struct Again {
    Clock::Duration wait;
  };
  using Step = std::variant<std::string, Again, Error>;  // the link, or poll again, or the end
  // Sends one poll.
  Step ask();

 private:
  Step ask_once();
  Step judge(const ApiResponse& response);
  Step judge_report(const ApiResponse& response, const TaskReport& report);
  Step judge_success(const ApiResponse& response, const TaskReport& report);
  Step judge_unknown_task(Error error);
  Step ask_again_with_patience(Error error);
  Step judge_refusal(const ApiResponse& response, const api::ServiceError& said);
  Step retry(Error error, std::optional<std::chrono::seconds> retry_after = {});
  void take_over(const TaskReport& report);
  std::string unknown_status_text(const TaskReport& report) const;
  void show(const TaskReport& report);
  int usual_seconds();
  std::int64_t elapsed_seconds() const;

  Context& context_;
  PollPolicy policy_;
  RetryBudget budget_;
  const Call call_;
  unsigned polls_ = 0;
  int tries_ = 0;  // since the last usable response
  int refusals_in_a_row_ = 0;
  int empty_successes_ = 0;
  // Steady clock from here on, independent of clock differences between service and machine.
  Clock::TimePoint begun_;
  std::int64_t waited_before_ = 0;  // seconds, in earlier runs
  std::optional<int> usual_seconds_;
  std::set<std::string> warned_of_;
};

}  // namespace modelverse::job
