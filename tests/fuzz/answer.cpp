// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's answers: submit, status and error.
#include "api/printable.h"
#include "api/wire.h"
#include "fuzz.h"

using namespace modelverse;

namespace {

constexpr std::size_t max_shown = 500;

// It goes into messages and logs.
void require_shown(const std::string& text) {
  fuzz::require(api::is_printable(text) && text.size() <= max_shown);
}

void check_error(const api::ServiceError& error) {
  for (const auto* text : {&error.code, &error.type, &error.message, &error.request_id})
    require_shown(*text);
  fuzz::require(api::is_printable(error.task_id) && error.task_id.size() <= 512);
}

void check_submit(const api::SubmitResponse& answer) {
  if (const auto* receipt = std::get_if<TaskInfo>(&answer)) {
    fuzz::require(!receipt->task_id.empty() && receipt->task_id.size() <= 512);
    require_shown(receipt->request_id);
    const auto path = api::status_path(receipt->task_id);
    fuzz::require(path.find_first_of("\r\n &#", path.find('?')) == std::string::npos);
  } else if (const auto* error = std::get_if<api::ServiceError>(&answer)) {
    check_error(*error);
  } else {
    require_shown(std::get<api::Unreadable>(answer).why);
  }
}

void check_status(const api::StatusResponse& answer) {
  if (const auto* report = std::get_if<TaskReport>(&answer)) {
    require_shown(report->status_text);
    require_shown(report->request_id);
    require_shown(report->error_message);
    fuzz::require(report->usage_seconds >= 0);
    fuzz::require(report->submit_time >= 0 && report->finish_time >= 0);
  } else if (const auto* error = std::get_if<api::ServiceError>(&answer)) {
    check_error(*error);
  } else {
    require_shown(std::get<api::Unreadable>(answer).why);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  check_submit(api::decode_submit(text));
  check_status(api::decode_status(text));
  check_error(api::decode_error(text));
  return 0;
}
