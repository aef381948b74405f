// SPDX-License-Identifier: LGPL-2.1-or-later
// Queries a task by the id that was sent with its submit.
//
// The vendor's schemas (Kling-v3.yaml, Kling-O3.yaml) state that a task can be queried by its
// external_task_id and name no query parameter of the status route other than task_id. So this
// assumes that task_id accepts either id.
#include "job/submit_query.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "api/wire.h"
#include "job/refusal.h"

namespace modelverse::job {

namespace {

struct NotThere {
  Error error;
};
struct NotSaid {
  Error error;
  bool is_final = false;
  std::optional<std::chrono::seconds> retry_after = {};
};
using Said = std::variant<TaskInfo, NotThere, NotSaid>;

// A gateway's 404 page proves nothing: errors of the service have a code or a type.
bool is_not_there(const ApiResponse& response, const api::ServiceError& said) {
  return is_task_unknown(response, said) && !(said.code.empty() && said.type.empty());
}

Said judge_error(const ApiResponse& response, const api::ServiceError& said, const Call& call) {
  auto error = explain_refusal(response, said, call);
  if (is_not_there(response, said))
    return NotThere{std::move(error)};
  const bool is_final = response.status == 401 || response.status == 403;
  return NotSaid{std::move(error), is_final, response.retry_after};
}

Said judge(const ApiResponse& response, const std::string& external_id, const Call& call) {
  if (!response.is_good())
    return judge_error(response, api::decode_error(response.body), call);
  auto decoded = api::decode_status(response.body);
  if (auto* report = std::get_if<TaskReport>(&decoded)) {
    if (report->task_id.empty())
      report->task_id = external_id;
    return std::move(*report);
  }
  if (const auto* said = std::get_if<api::ServiceError>(&decoded))
    return judge_error(response, *said, call);
  return NotSaid{{.code = ErrorCode::read,
                  .text = "The service's status responses cannot be parsed.",
                  .debug = describe(call, std::get<api::Unreadable>(decoded).why)}};
}

Said ask(Context& context) {
  const auto call = status_call(context.plan.base_url);
  const auto limit = context.clock.now() + std::chrono::seconds(context.settings().submit_timeout);
  auto reply = context.service.status(context.record.external_id, limit, context.stop);
  context.job_state.edit_stats([](TaskStats& stats) { ++stats.polls; });
  if (const auto* fault = std::get_if<http::Fault>(&reply))
    return NotSaid{explain_fault(*fault, call), fault->kind == http::FaultKind::tls};
  return judge(std::get<ApiResponse>(reply), context.record.external_id, call);
}

}  // namespace

Result<std::optional<TaskInfo>> find_submitted_task(Context& context, Clock::TimePoint proven_at) {
  const PollPolicy policy(std::chrono::milliseconds(context.settings().poll_interval),
                          context.random);
  auto budget = context.retry_budget();
  for (unsigned asked = 0;; ++asked) {
    const bool is_proof = context.clock.now() >= proven_at;
    auto said = ask(context);
    if (auto* task = std::get_if<TaskInfo>(&said))
      return std::optional(std::move(*task));
    if (context.stop.stop_requested())
      return cancelled_error(Phase::submit);
    auto* failed = std::get_if<NotSaid>(&said);
    if (!failed && is_proof)
      return std::optional<TaskInfo>();
    std::optional<Clock::Duration> wait;
    if (!failed) {
      budget.reset();
      wait = std::min(policy.wait_before(asked), proven_at - context.clock.now());
    } else if (!failed->is_final) {
      wait = budget.next(failed->retry_after);
    }
    auto& error = failed ? failed->error : std::get<NotThere>(said).error;
    if (!wait)
      return std::move(error);
    context.count_retry(error);
    if (!context.clock.sleep_for(*wait, context.stop))
      return cancelled_error(Phase::submit);
  }
}

}  // namespace modelverse::job
