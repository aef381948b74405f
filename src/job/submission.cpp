// SPDX-License-Identifier: LGPL-2.1-or-later
// Write down, POST, write down.
#include "job/submission.h"

#include <chrono>
#include <memory>
#include <utility>

#include "api/check.h"
#include "api/wire.h"
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

Attempt judge_fault(const http::Fault& fault, const Call& call) {
  if (fault.is_request_sent)
    return NotKnown{unknown_outcome(tell(call, fault.text))};
  const bool is_final =
      fault.kind == http::FaultKind::tls || fault.kind == http::FaultKind::protocol;
  return NotAccepted{explain_fault(fault, call), !is_final, {}};
}

NotKnown unknown_answer(const Answer& answer, const std::string& why, const Call& call) {
  NotKnown unknown{unknown_outcome(tell(call, why))};
  unknown.error.details.http_status = static_cast<int>(answer.status);
  return unknown;
}

NotKnown unknown_answer(const Answer& answer, const api::ServiceError& said, const Call& call) {
  auto unknown = unknown_answer(answer, summary(answer.status, said), call);
  unknown.error.details.error_code = said.code;
  unknown.error.details.request_id = said.request_id;
  if (said.task_id.empty())
    return unknown;
  unknown.error.text += " It names the task " + said.task_id + ".";
  unknown.error.details.task_id = said.task_id;
  unknown.error.details.resume = "task-id=" + said.task_id;
  return unknown;
}

Attempt judge_good_answer(const Answer& answer, const Call& call) {
  if (answer.too_large)
    return unknown_answer(answer, "the answer is larger than 1 MiB", call);
  auto decoded = api::decode_submit(answer.body);
  if (auto* receipt = std::get_if<SubmitReceipt>(&decoded))
    return Accepted{std::move(*receipt)};
  if (const auto* said = std::get_if<api::ServiceError>(&decoded)) {
    if (is_certain_refusal(*said))
      return NotAccepted{explain_refusal(answer, *said, call), false, {}};
    return unknown_answer(answer, *said, call);
  }
  return unknown_answer(answer, std::get<api::Unreadable>(decoded).why, call);
}

Attempt judge_answer(const Answer& answer, const Call& call) {
  if (answer.is_good())
    return judge_good_answer(answer, call);
  const auto said = api::decode_error(answer.body);
  auto refusal = explain_refusal(answer, said, call);
  const bool has_wish = answer.retry_after.has_value();
  if (answer.status == 429 || (answer.status == 503 && has_wish))
    return NotAccepted{std::move(refusal), true, answer.retry_after};
  const bool is_refused = answer.status >= 300 && answer.status < 500 && answer.status != 408;
  if (is_refused || (answer.status >= 500 && said.code == "model_not_found"))
    return NotAccepted{std::move(refusal), false, {}};
  return unknown_answer(answer, said, call);
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
  context.is_written_down = false;
  const auto saved = save_record(context);
  if (saved.ok())
    return;
  context.is_written_down =
      move_to_refuge(context.place, context.record, context.board, saved.error());
  if (context.is_written_down)
    return;
  auto warning = saved.error();
  const auto id = shown_id(context.record);
  warning.text = "The task " + id +
                 " was accepted and could not be written down. Note its id: task-id=" + id +
                 " fetches its clip.";
  context.board.warn(with_details(std::move(warning), context.record));
}

// The promise that no submit is made twice needs a disk that takes it down.
Status announce_submit(Context& context) {
  auto saved = save_record(context);
  if (!saved && move_to_refuge(context.place, context.record, context.board, saved.error()))
    return Done{};
  return saved;
}

// Read anew for each attempt.
using Body = std::shared_ptr<const ByteSource>;

Attempt post(Context& context, const Body& body) {
  const auto call = submit_call(context.plan.base_url);
  auto reply =
      context.service.submit(body, std::chrono::seconds(context.settings().submit_timeout));
  if (const auto* fault = std::get_if<http::Fault>(&reply))
    return judge_fault(*fault, call);
  return judge_answer(std::get<Answer>(reply), call);
}

// While it runs the job outlives its readers, so that an answer that comes is always kept.
Attempt post_once(Context& context, const Body& body) {
  const Posting posting(context.board, longest_submit(context.settings()));
  if (!posting)
    return NotAccepted{cancelled_error(Phase::submit), false, {}};
  Attempt attempt = NotAccepted{};
  if (auto announced = announce_submit(context); announced)
    attempt = post(context, body);
  else
    attempt = NotAccepted{std::move(announced).error(), false, {}};
  if (auto* accepted = std::get_if<Accepted>(&attempt))
    keep(context, std::move(accepted->receipt));
  else if (std::holds_alternative<NotAccepted>(attempt))
    forget_task(context);
  return attempt;
}

// The body, and the picture with it, is gone when this returns.
Status post_until_known(Context& context, std::shared_ptr<const ByteSource> body) {
  auto budget = context.retry_budget();
  context.start_deadline();
  for (int attempts = 1;; ++attempts) {
    context.record = new_record(context.plan);
    context.record.submit_time = context.clock.unix_time();
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
    if (!wait)
      return std::move(refused.error);
    if (!context.sleep(*wait))
      return cancelled_error(Phase::submit);
    if (context.is_overdue())
      return std::move(refused.error);
    context.count_retry(refused.error);
  }
}

}  // namespace

Error unknown_outcome(const std::string& why) {
  Error error{.code = ErrorCode::write,
              .text =
                  "The submit may have been accepted and billed, but its answer was lost. "
                  "Nothing is sent again by itself: look at your account's tasks, then set "
                  "task-id to fetch the clip, or resubmit=true to submit (and pay) again.",
              .debug = why};
  error.details.phase = Phase::submit;
  return error;
}

// auth-scheme=auto may send it twice. Before its first byte the name, the connection and TLS may
// each be silent for `timeout`.
std::chrono::seconds longest_submit(const Settings& settings) {
  constexpr int attempts = 2;
  constexpr int steps_to_connect = 3;
  return attempts * (std::chrono::seconds(settings.submit_timeout) +
                     steps_to_connect * std::chrono::seconds(settings.timeout));
}

Status submit(Context& context) {
  auto request = prepare_request(context);
  if (!request)
    return std::move(request).error();
  auto& board = context.board;
  for (auto& doubt : api::doubts(*context.plan.profile, *request))
    board.warn(std::move(doubt));
  auto body = api::encode_submit(*context.plan.profile, std::move(request).value());
  board.start_phase(Phase::submit, "Submitting the request");
  board.set_status(task::Submitting{});
  if (auto posted = post_until_known(context, std::move(body)); !posted)
    return posted;
  board.complete_phase(Phase::submit, "Submitted: task " + shown_id(context.record));
  return Done{};
}

}  // namespace modelverse::job
