// SPDX-License-Identifier: LGPL-2.1-or-later
// Write down, POST, write down.
#include "job/submission.h"

#include <utility>

#include "api/wire.h"
#include "core/text.h"
#include "job/preparation.h"
#include "job/refusal.h"

namespace modelverse::job {

namespace {

// What one POST came to.
struct Accepted {
  SubmitReceipt receipt;
};
struct NotAccepted {
  Error error;
  bool may_be_repeated = false;
  std::optional<std::chrono::seconds> retry_after;
};
struct NotKnown {
  Error error;
};
using Attempt = std::variant<Accepted, NotAccepted, NotKnown>;

Attempt judge_fault(const http::Fault& fault, const Context& context) {
  if (fault.may_have_been_sent)
    return NotKnown{unknown_outcome(fault.text)};
  const bool is_final =
      fault.kind == http::FaultKind::tls || fault.kind == http::FaultKind::protocol;
  return NotAccepted{explain_fault(fault, Phase::submit, context.plan.base_url), !is_final, {}};
}

Attempt judge_good_answer(const Answer& answer) {
  if (answer.too_large)
    return NotKnown{unknown_outcome("the answer is larger than 1 MiB")};
  auto decoded = api::decode_submit(answer.body);
  if (auto* receipt = std::get_if<SubmitReceipt>(&decoded))
    return Accepted{std::move(*receipt)};
  if (const auto* said = std::get_if<api::ServiceError>(&decoded)) {
    if (api::ServiceError refusal = *said; is_certain_refusal(refusal))
      return NotAccepted{explain_refusal(answer, refusal, Phase::submit), false, {}};
    return NotKnown{unknown_outcome(summary(answer.status, *said))};
  }
  return NotKnown{unknown_outcome(std::get<api::Unreadable>(decoded).why)};
}

Attempt judge_answer(const Answer& answer) {
  if (answer.is_good())
    return judge_good_answer(answer);
  const auto said = api::decode_error(answer.body);
  auto refusal = explain_refusal(answer, said, Phase::submit);
  const bool has_wish = answer.retry_after.has_value();
  if (answer.status == 429 || (answer.status == 503 && has_wish))
    return NotAccepted{std::move(refusal), true, answer.retry_after};
  const bool is_refused = answer.status >= 300 && answer.status < 500 && answer.status != 408;
  if (is_refused || (answer.status >= 500 && said.code == "model_not_found"))
    return NotAccepted{std::move(refusal), false, {}};
  auto unknown = unknown_outcome(summary(answer.status, said));
  unknown.details.http_status = static_cast<int>(answer.status);
  unknown.details.error_code = said.code;
  unknown.details.request_id = said.request_id;
  return NotKnown{std::move(unknown)};
}

Record new_record(const Context& context) {
  const auto& request = *context.plan.request;
  Record record;
  record.state = RecordState::submitting;
  record.key = context.plan.key;
  record.origin = context.plan.base_url;
  record.model = request.model;
  record.prompt = request.prompt;
  record.resolution = request.resolution;
  record.duration = request.duration;
  record.take = request.take;
  record.url_index = context.settings().url_index;
  record.submit_time = context.clock.unix_time();
  return record;
}

// The task exists and is paid for: a disk that fails now costs its place on disk, not the clip.
void keep(Context& context, SubmitReceipt receipt) {
  context.is_submitted_now = true;
  context.record.state = RecordState::submitted;
  context.record.task_id = std::move(receipt.task_id);
  context.record.request_id = std::move(receipt.request_id);
  context.board.edit_stats([&](TaskStats& stats) {
    stats.task_id = context.record.task_id;
    stats.request_id = context.record.request_id;
    stats.submit_time = context.record.submit_time;
  });
  if (const auto saved = context.entry.save(context.record); !saved) {
    auto warning = saved.error();
    const auto id = printable(context.record.task_id);
    warning.text = "The task " + id +
                   " was accepted and could not be written down. Note its id: task-id=" + id +
                   " fetches its clip.";
    context.board.warn(with_task(std::move(warning), context.record));
  }
}

Attempt post(Context& context, const std::string& body) {
  auto reply = context.service.submit(body, context.deadline);
  if (const auto* fault = std::get_if<http::Fault>(&reply))
    return judge_fault(*fault, context);
  return judge_answer(std::get<Answer>(reply));
}

// While it runs the job outlives its readers, so that an answer that comes is always kept.
Attempt post_once(Context& context, const std::string& body) {
  if (!context.board.begin_post())
    return NotAccepted{cancelled_error(Phase::submit), false, {}};
  Attempt attempt = NotAccepted{};
  if (auto saved = context.entry.save(context.record); saved)
    attempt = post(context, body);
  else
    attempt = NotAccepted{std::move(saved).error(), false, {}};
  if (auto* accepted = std::get_if<Accepted>(&attempt))
    keep(context, std::move(accepted->receipt));
  else if (std::holds_alternative<NotAccepted>(attempt))
    forget_task(context);
  context.board.end_post();
  return attempt;
}

}  // namespace

Error unknown_outcome(const std::string& why) {
  Error error{.code = ErrorCode::write,
              .text =
                  "The submit may have been accepted and billed, but its answer was lost. "
                  "Nothing is sent again by itself: look at your account's tasks, then set "
                  "task-id to fetch the clip, or resubmit=true to submit (and pay) again.",
              .debug = "submit: " + why};
  error.details.phase = Phase::submit;
  return error;
}

Status submit(Context& context) {
  auto request = prepare_request(context);
  if (!request)
    return std::move(request).error();
  const auto body = api::encode_submit(*context.plan.profile, *request);
  auto budget = context.retry_budget();
  for (int attempts = 1;; ++attempts) {
    context.record = new_record(context);
    auto attempt = post_once(context, body);
    if (std::get_if<Accepted>(&attempt))
      return Done{};
    if (auto* unknown = std::get_if<NotKnown>(&attempt)) {
      unknown->error.details.attempts = attempts;
      return std::move(unknown->error);
    }
    auto& refused = std::get<NotAccepted>(attempt);
    refused.error.details.attempts = attempts;
    const auto wait = refused.may_be_repeated ? budget.next(refused.retry_after) : std::nullopt;
    if (!wait || context.is_overdue())
      return std::move(refused.error);
    context.count_retry();
    if (!context.sleep(*wait))
      return cancelled_error(Phase::submit);
  }
}

}  // namespace modelverse::job
