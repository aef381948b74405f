// SPDX-License-Identifier: LGPL-2.1-or-later
// What each answer of the status route means.
#include "job/poller.h"

#include <algorithm>
#include <utility>

#include "api/wire.h"
#include "core/text.h"
#include "job/estimate.h"
#include "job/refusal.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

// How often an answer that nobody can do anything about is asked for again before it counts.
constexpr int patience = 3;

bool is_passing(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

Error unreadable_answer(const Answer& answer, const std::string& why) {
  Error error{.code = ErrorCode::read,
              .text = "The service's answers on the task cannot be read.",
              .debug = "generate: " + why};
  error.details.phase = Phase::generate;
  error.details.http_status = static_cast<int>(answer.status);
  return error;
}

// Only the task's own status says that it failed; a refused poll never does.
Error poll_refusal(const Answer& answer, const api::ServiceError& said) {
  auto error = explain_refusal(answer, said, Phase::generate);
  if (error.code == ErrorCode::failed)
    error.code = ErrorCode::read;
  return error;
}

}  // namespace

Poller::Poller(Context& context)
    : context_(context),
      policy_(std::chrono::milliseconds(context.settings().poll_interval), context.random),
      budget_(context.retry_budget()),
      begun_(context.clock.now()) {
  const auto since = context.record.submit_time;
  if (!context.is_submitted_now && since > 0)
    waited_before_ = std::max<std::int64_t>(context.clock.unix_time() - since, 0);
}

Poller::Step Poller::ask() {
  auto reply = context_.service.status(context_.record.task_id, context_.deadline, context_.stop);
  ++polls_;
  context_.board.edit_stats([](TaskStats& stats) { ++stats.polls; });
  if (const auto* fault = std::get_if<http::Fault>(&reply)) {
    if (fault->kind == http::FaultKind::cancelled)
      return cancelled_error(Phase::generate);
    auto error = explain_fault(*fault, Phase::generate, context_.plan.base_url);
    if (fault->kind == http::FaultKind::tls)
      return error;
    return retry(std::move(error));
  }
  return judge(std::get<Answer>(reply));
}

Poller::Step Poller::judge(const Answer& answer) {
  if (answer.too_large)
    return retry(unreadable_answer(answer, "the answer is larger than 1 MiB"));
  if (!answer.is_good())
    return judge_refusal(answer, api::decode_error(answer.body));
  const auto decoded = api::decode_status(answer.body);
  if (const auto* unreadable = std::get_if<api::Unreadable>(&decoded))
    return retry(unreadable_answer(answer, unreadable->why));
  if (const auto* said = std::get_if<api::ServiceError>(&decoded))
    return retry(poll_refusal(answer, *said), answer.retry_after);
  return judge_report(std::get<TaskReport>(decoded));
}

Poller::Step Poller::judge_report(const TaskReport& report) {
  budget_.reset();
  refusals_in_a_row_ = 0;
  take_over(report);
  if (const auto* failure = std::get_if<task::Failure>(&report.status)) {
    Error error{.code = ErrorCode::failed,
                .text = "The service could not make the clip (" + failure->status + ")",
                .debug = "generate: the task ended as " + failure->status};
    error.text += failure->message.empty() ? "." : ": " + failure->message;
    error.details.phase = Phase::generate;
    error.details.request_id = report.request_id;
    return error;
  }
  if (const auto* success = std::get_if<task::Success>(&report.status))
    return judge_success(*success);
  show(report);
  return Again{policy_.wait_before(polls_)};
}

Poller::Step Poller::judge_success(const task::Success& success) {
  const auto index = context_.settings().url_index;
  if (index < success.urls.size())
    return success.urls[index];
  if (++empty_successes_ <= patience)
    return Again{policy_.wait_before(polls_)};
  Error error{.code = ErrorCode::read,
              .text = success.urls.empty()
                          ? "The service says that the clip is made and gives no link to it."
                          : "url-index is " + std::to_string(index) + " and the result has " +
                                std::to_string(success.urls.size()) + " clip(s), counted from 0.",
              .debug = "generate: urls has " + std::to_string(success.urls.size()) + " members"};
  if (!success.urls.empty())
    error.code = ErrorCode::settings;
  error.details.phase = Phase::generate;
  return error;
}

Poller::Step Poller::judge_refusal(const Answer& answer, const api::ServiceError& said) {
  auto error = poll_refusal(answer, said);
  if (is_passing(answer.status))
    return retry(std::move(error), answer.retry_after);
  if (answer.status == 401 || answer.status == 403)
    return error;
  if (answer.status == 404 || answer.status == 410) {
    error.code = ErrorCode::not_found;
    error.text = "The service does not know the task " + printable(context_.record.task_id) +
                 " (any more). Check base-url and the account of the API key.";
  }
  if (++refusals_in_a_row_ >= patience)
    return error;
  context_.count_retry();
  return Again{policy_.wait_before(polls_)};
}

Poller::Step Poller::retry(Error error, std::optional<std::chrono::seconds> retry_after) {
  refusals_in_a_row_ = 0;
  const auto wait = budget_.next(retry_after);
  if (!wait) {
    error.details.attempts = budget_.failures();
    return error;
  }
  context_.count_retry();
  return Again{*wait};
}

void Poller::take_over(const TaskReport& report) {
  auto& record = context_.record;
  record.finish_time = report.finish_time.value_or(record.finish_time);
  record.submit_time = report.submit_time.value_or(record.submit_time);
  record.usage_seconds = report.usage_seconds.value_or(record.usage_seconds);
  context_.board.edit_stats([&](TaskStats& stats) {
    if (!report.request_id.empty())
      stats.request_id = report.request_id;
    stats.submit_time = record.submit_time;
    stats.finish_time = record.finish_time;
    stats.usage_seconds = record.usage_seconds;
  });
  context_.board.set_status(report.status);
  if (report.unknown_status.empty() || !warned_of_.insert(report.unknown_status).second)
    return;
  Error warning{.code = ErrorCode::read,
                .text =
                    "The service reports a status that this version does not know, taken as "
                    "still running: " +
                    report.unknown_status,
                .debug = "generate: task_status " + report.unknown_status};
  warning.details.phase = Phase::generate;
  context_.board.warn(with_task(std::move(warning), record));
}

void Poller::show(const TaskReport& report) {
  const auto elapsed = elapsed_seconds();
  const bool is_pending = std::holds_alternative<task::Pending>(report.status);
  const auto status = !report.unknown_status.empty() ? report.unknown_status
                      : is_pending                   ? "Pending"
                                                     : "Running";
  context_.board.report_progress(Phase::generate, generation_percent(elapsed, usual_seconds()),
                                 generation_text(status, elapsed, usual_seconds()));
}

std::int64_t Poller::elapsed_seconds() const {
  const auto here = std::chrono::duration_cast<std::chrono::seconds>(context_.clock.now() - begun_);
  return waited_before_ + here.count();
}

// What this user has seen, else what the model's row says. Looked up once: it reads the cache.
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
