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
#include "glib/text.h"
#include "job/refusal.h"

namespace modelverse::job {

namespace {

struct NoSuchTask {
  Error error;
};
struct QueryFailed {
  Error error;
  bool is_final = false;
  std::optional<std::chrono::seconds> retry_after = {};
};
using QueryOutcome = std::variant<TaskInfo, NoSuchTask, QueryFailed>;

// A gateway's 404 page proves nothing: errors of the service have a code or a type.
bool is_no_such_task(const ApiResponse& response, const api::ServiceError& said) {
  return is_task_unknown(response, said) && !(said.code.empty() && said.type.empty());
}

QueryOutcome classify_error(const ApiResponse& response, const api::ServiceError& said,
                            const Call& call) {
  auto error = explain_refusal(response, said, call);
  if (is_no_such_task(response, said))
    return NoSuchTask{std::move(error)};
  const bool is_final = response.status == 401 || response.status == 403;
  return QueryFailed{std::move(error), is_final, response.retry_after};
}

QueryOutcome classify(const ApiResponse& response, const std::string& external_id,
                      const Call& call) {
  if (!response.is_good())
    return classify_error(response, api::decode_error(response.body), call);
  auto decoded = api::decode_status(response.body);
  if (auto* report = std::get_if<TaskReport>(&decoded)) {
    if (report->task_id.empty())
      report->task_id = external_id;
    return std::move(*report);
  }
  if (const auto* said = std::get_if<api::ServiceError>(&decoded))
    return classify_error(response, *said, call);
  return QueryFailed{{.code = ErrorCode::read,
                      .text = _("The service's status responses cannot be parsed."),
                      .debug = describe(call, std::get<api::Unreadable>(decoded).why)}};
}

QueryOutcome query(Job& job) {
  const auto call = status_call(job.plan.base_url);
  const auto limit = job.clock.now() + std::chrono::seconds(job.settings().submit_timeout);
  auto reply = job.service->status(job.record.external_id, limit, job.stop);
  job.state.edit_stats([](TaskStats& stats) { ++stats.polls; });
  if (const auto* fault = std::get_if<http::Fault>(&reply))
    return QueryFailed{explain_fault(*fault, call), fault->kind == http::FaultKind::tls};
  return classify(std::get<ApiResponse>(reply), job.record.external_id, call);
}

}  // namespace

Result<std::optional<TaskInfo>> find_submitted_task(Job& job, Clock::TimePoint proven_at) {
  constexpr unsigned usual_interval = 5000;  // ms
  const auto set_interval = job.settings().poll_interval;
  const std::chrono::milliseconds interval(set_interval > 0 ? set_interval : usual_interval);
  auto budget = job.retry_budget();
  for (unsigned asked = 0;; ++asked) {
    const bool is_proof = job.clock.now() >= proven_at;
    auto said = query(job);
    if (auto* task = std::get_if<TaskInfo>(&said))
      return std::optional(std::move(*task));
    if (job.stop.stop_requested())
      return cancelled_error();
    auto* failed = std::get_if<QueryFailed>(&said);
    if (!failed && is_proof)
      return std::optional<TaskInfo>();
    std::optional<Clock::Duration> wait;
    if (!failed) {
      budget.reset();
      wait = std::min(fixed_wait(interval, asked, job.random), proven_at - job.clock.now());
    } else if (!failed->is_final) {
      wait = budget.next(failed->retry_after);
    }
    auto& error = failed ? failed->error : std::get<NoSuchTask>(said).error;
    if (!wait)
      return std::move(error);
    job.count_retry(error);
    if (!job.clock.sleep_for(*wait, job.stop))
      return cancelled_error();
  }
}

Result<std::optional<TaskInfo>> ask_for_submit(const Record& record,
                                               const JobEnvironment& environment) {
  Settings settings;
  settings.task_id = record.external_id;
  auto plan = make_plan(std::move(settings), {});
  if (!plan)
    return std::move(plan).error();
  if (plan->base_url != record.origin)
    return settings_error(
        format_text(_("It was sent to another service, %s."), record.origin.c_str()));
  JobState state;
  Job job(*plan, state, environment);
  job.record = record;
  if (auto connected = connect(job); !connected)
    return std::move(connected).error();
  auto said = query(job);
  if (auto* task = std::get_if<TaskInfo>(&said))
    return std::optional(std::move(*task));
  if (auto* failed = std::get_if<QueryFailed>(&said))
    return std::move(failed->error);
  const bool is_same_account = record.account == account_of(plan->api_key.value());
  if (!is_same_account || job.clock.unix_time() < record.proven_time)
    return Error{ErrorCode::not_found, _("The service does not have its task yet."), {}};
  return std::optional<TaskInfo>();
}

}  // namespace modelverse::job
