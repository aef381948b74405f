// SPDX-License-Identifier: LGPL-2.1-or-later
// Classifies an attempt: accepted, refused or unknown.
#include "job/submit_attempt.h"

#include <utility>

#include "api/wire.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "job/submission.h"

namespace modelverse::job {

namespace {

Attempt judge_fault(const http::Fault& fault, const Call& call) {
  if (fault.is_request_sent)
    return NotKnown{unknown_outcome(describe(call, fault.text))};
  const bool is_final =
      fault.kind == http::FaultKind::tls || fault.kind == http::FaultKind::protocol;
  return NotAccepted{explain_fault(fault, call), !is_final, {}};
}

NotKnown unknown_response(const ApiResponse& response, const std::string& why, const Call& call) {
  NotKnown unknown{unknown_outcome(describe(call, why))};
  unknown.error.details.http_status = static_cast<int>(response.status);
  return unknown;
}

NotKnown unknown_response(const ApiResponse& response, const api::ServiceError& said,
                          const Call& call) {
  auto unknown = unknown_response(response, summary(response.status, said), call);
  unknown.error.details.error_code = said.code;
  unknown.error.details.request_id = said.request_id;
  if (said.task_id.empty())
    return unknown;
  unknown.error.text = two_sentences(
      unknown.error.text, format_text(_("The response names the task %s."), said.task_id.c_str()));
  unknown.error.details.task_id = said.task_id;
  unknown.error.details.resume = "task-id=" + said.task_id;
  return unknown;
}

Attempt judge_good_response(const ApiResponse& response, const Call& call) {
  if (response.too_large)
    return unknown_response(response, "the response is larger than 1 MiB", call);
  auto decoded = api::decode_submit(response.body);
  if (auto* task = std::get_if<TaskInfo>(&decoded))
    return Accepted{std::move(*task)};
  if (const auto* said = std::get_if<api::ServiceError>(&decoded)) {
    if (is_certain_refusal(*said) && said->task_id.empty())
      return NotAccepted{explain_refusal(response, *said, call), false, {}};
    return unknown_response(response, *said, call);
  }
  return unknown_response(response, std::get<api::Unreadable>(decoded).why, call);
}

Attempt judge_response(const ApiResponse& response, const Call& call) {
  if (response.is_good())
    return judge_good_response(response, call);
  const auto said = api::decode_error(response.body);
  // A task that is named may have been made, whatever the status says.
  if (!said.task_id.empty())
    return unknown_response(response, said, call);
  auto refusal = explain_refusal(response, said, call);
  const bool asks_to_wait = response.retry_after.has_value();
  if (response.status == 429 || (response.status == 503 && asks_to_wait))
    return NotAccepted{std::move(refusal), true, response.retry_after};
  // 303 points to the result of a request that was carried out (RFC 9110, 15.4.4).
  const bool is_refused = response.status >= 300 && response.status < 500 &&
                          response.status != 303 && response.status != 408;
  if (is_refused || (response.status >= 500 && said.code == "model_not_found"))
    return NotAccepted{std::move(refusal), false, {}};
  return unknown_response(response, said, call);
}

}  // namespace

Attempt judge_submit(const Reply& reply, const Call& call) {
  if (const auto* fault = std::get_if<http::Fault>(&reply))
    return judge_fault(*fault, call);
  return judge_response(std::get<ApiResponse>(reply), call);
}

}  // namespace modelverse::job
