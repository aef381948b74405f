// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides what each response of the status route means.
#include "job/poller.h"

#include <algorithm>
#include <utility>

#include "api/wire.h"
#include "job/estimate.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

// Number of unusable responses (permanent refusals, or Success without a link) before the error is
// reported.
constexpr int patience = 3;

Error response_error(const ApiResponse& response, std::string text, const std::string& why,
                     const Call& call) {
  Error error{.code = ErrorCode::read, .text = std::move(text), .debug = describe(call, why)};
  error.details.phase = call.phase;
  error.details.http_status = static_cast<int>(response.status);
  return error;
}

// Only the task's own status reports a failed task; a refused poll does not.
Error poll_refusal(const ApiResponse& response, const api::ServiceError& said, const Call& call) {
  auto error = explain_refusal(response, said, call);
  if (error.code == ErrorCode::failed || is_temporary(response.status))
    error.code = ErrorCode::read;
  return error;
}

}  // namespace

Poller::Poller(Context& context)
    : context_(context),
      policy_(std::chrono::milliseconds(context.settings().poll_interval), context.random),
      budget_(context.retry_budget()),
      call_(status_call(context.plan.base_url)),
      begun_(context.clock.now()) {
  const auto since = context.record.submit_time;
  if (!context.is_submitted_now && since > 0)
    waited_before_ = std::max<std::int64_t>(context.clock.unix_time() - since, 0);
}

Poller::Step Poller::ask() {
  ++tries_;
  auto step = ask_once();
  if (auto* error = std::get_if<Error>(&step))
    error->details.attempts = tries_;
  return step;
}

Poller::Step Poller::ask_once() {
  auto reply = context_.service.status(context_.record.task_id, context_.deadline, context_.stop);
  ++polls_;
  context_.job_state.edit_stats([](TaskStats& stats) { ++stats.polls; });
  if (const auto* fault = std::get_if<http::Fault>(&reply)) {
    if (fault->kind == http::FaultKind::cancelled)
      return cancelled_error(Phase::generate);
    auto error = explain_fault(*fault, call_);
    if (fault->kind == http::FaultKind::tls)
      return error;
    return retry(std::move(error));
  }
  return judge(std::get<ApiResponse>(reply));
}

Poller::Step Poller::judge(const ApiResponse& response) {
  constexpr const char* unreadable = "The service's status responses cannot be parsed.";
  if (response.too_large)
    return retry(response_error(response, unreadable, "the response is larger than 1 MiB", call_));
  if (!response.is_good())
    return judge_refusal(response, api::decode_error(response.body));
  const auto decoded = api::decode_status(response.body);
  if (const auto* problem = std::get_if<api::Unreadable>(&decoded))
    return retry(response_error(response, unreadable, problem->why, call_));
  if (const auto* said = std::get_if<api::ServiceError>(&decoded)) {
    if (is_task_unknown(response, *said))
      return judge_unknown_task(poll_refusal(response, *said, call_));
    return retry(poll_refusal(response, *said, call_), response.retry_after);
  }
  return judge_report(response, std::get<TaskReport>(decoded));
}

Poller::Step Poller::judge_report(const ApiResponse& response, const TaskReport& report) {
  budget_.reset();
  refusals_in_a_row_ = 0;
  take_over(report);
  if (report.status == TaskStatus::failure) {
    auto error = explain_failure(response, report, call_);
    error.details.request_id = report.request_id;
    return error;
  }
  if (report.status == TaskStatus::success)
    return judge_success(response, report);
  show(report);
  tries_ = 0;
  return Again{policy_.wait_before(polls_)};
}

Poller::Step Poller::judge_success(const ApiResponse& response, const TaskReport& report) {
  const auto index = context_.settings().url_index;
  const auto count = report.urls.size();
  context_.job_state.set_result(count, index);
  if (index < count && !report.urls[index].empty())
    return report.urls[index];
  const bool is_index_wrong = index >= count && count > 0;
  auto error = response_error(
      response,
      is_index_wrong ? "url-index is " + std::to_string(index) + ", but the result has " +
                           std::to_string(count) + " clip(s), counted from 0."
                     : "The service reports success, but gives no result link.",
      "urls has " + std::to_string(count) + " members", call_);
  if (is_index_wrong)
    error.code = ErrorCode::settings;
  if (++empty_successes_ > patience)
    return error;
  context_.count_retry(error);
  return Again{policy_.wait_before(polls_)};
}

Poller::Step Poller::judge_refusal(const ApiResponse& response, const api::ServiceError& said) {
  auto error = poll_refusal(response, said, call_);
  if (is_temporary(response.status))
    return retry(std::move(error), response.retry_after);
  if (response.status == 401 || response.status == 403)
    return error;
  if (is_task_unknown(response, said))
    return judge_unknown_task(std::move(error));
  return ask_again_with_patience(std::move(error));
}

Poller::Step Poller::judge_unknown_task(Error error) {
  error.code = ErrorCode::not_found;
  error.text = "The service does not have the task " + shown_id(context_.record) +
               " (any more). Check base-url and the account of the API key.";
  return ask_again_with_patience(std::move(error));
}

Poller::Step Poller::ask_again_with_patience(Error error) {
  if (++refusals_in_a_row_ >= patience)
    return error;
  context_.count_retry(error);
  return Again{policy_.wait_before(polls_)};
}

Poller::Step Poller::retry(Error error, std::optional<std::chrono::seconds> retry_after) {
  refusals_in_a_row_ = 0;
  const auto wait = budget_.next(retry_after);
  if (!wait)
    return error;
  context_.count_retry(error);
  return Again{*wait};
}

std::string Poller::unknown_status_text(const TaskReport& report) const {
  const auto text = "The service reports an unknown status (" + report.status_text + "). ";
  if (report.status == TaskStatus::success)
    return text + "The response has a result link, which is downloaded.";
  const auto limit = context_.settings().task_timeout;
  return text + "The task is treated as running. " +
         (limit > 0 ? "The element gives up after task-timeout (" + std::to_string(limit) +
                          " s) and keeps the task."
                    : "The element waits forever (task-timeout is 0).");
}

void Poller::take_over(const TaskReport& report) {
  auto& record = context_.record;
  TaskInfo news = report;
  news.task_id.clear();  // the response to a query by another id may name that one
  record.update(news);
  context_.job_state.set_task(record);
  context_.job_state.set_status(report.status);
  if (report.is_documented || !warned_of_.insert(report.status_text).second)
    return;
  Error warning{.code = ErrorCode::read,
                .text = unknown_status_text(report),
                .debug = describe(call_, "task_status " + report.status_text)};
  warning.details.phase = Phase::generate;
  context_.job_state.warn(with_details(std::move(warning), record));
}

void Poller::show(const TaskReport& report) {
  const auto elapsed = elapsed_seconds();
  const auto status = !report.is_documented                  ? report.status_text
                      : report.status == TaskStatus::pending ? "Pending"
                                                             : "Running";
  context_.job_state.report_progress(Phase::generate, generation_percent(elapsed, usual_seconds()),
                                     generation_text(status, elapsed, usual_seconds()));
}

std::int64_t Poller::elapsed_seconds() const {
  const auto here = std::chrono::duration_cast<std::chrono::seconds>(context_.clock.now() - begun_);
  return waited_before_ + here.count();
}

// Learned from the user's earlier tasks, else from the model's row. Computed once: it reads the
// cache.
int Poller::usual_seconds() {
  if (usual_seconds_)
    return *usual_seconds_;
  const auto& plan = context_.plan;
  std::vector<Record> earlier;
  for (auto& entry : store::Cache(plan.cache_dir).list())
    earlier.push_back(std::move(entry.record));
  usual_seconds_ = learned_seconds(earlier, context_.record);
  if (!usual_seconds_)
    usual_seconds_ = plan.request ? api::usual_generation_seconds(*plan.profile, *plan.request)
                                  : plan.profile->usual_generation_seconds;
  return *usual_seconds_;
}

}  // namespace modelverse::job
