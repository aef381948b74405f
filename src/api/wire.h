// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's wire format: converts values to JSON text and back. No HTTP.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "api/profile.h"
#include "core/request.h"
#include "core/result.h"
#include "core/shared_text.h"
#include "core/task.h"

namespace modelverse::api {

// Limits of a response. A larger one is refused, not truncated.
inline constexpr std::size_t max_response_bytes = 1 << 20;
inline constexpr int max_json_depth = 64;
inline constexpr std::size_t max_task_id_bytes = 512;

// The request POST /v1/tasks/submit.
struct SubmitRequest {
  std::string external_id;  // the caller's id of the task that is in the body; empty: none
  SharedText body;
};
// Unset, `resolution` and `duration` are sent with the profile's default value; for an unknown
// model they are sent only if set. A member of extra_input or extra_parameters replaces the body's
// own member (nested structures are replaced, not merged). `fresh_id`: the external id where the
// model has a field for it and no extra sets that. It is not part of the request's key.
SubmitRequest encode_submit(const Profile& profile, const Request& request,
                            std::string fresh_id = {});
// The size of its body in bytes, without an external id. Copies no picture.
std::size_t submit_size(const Profile& profile, const Request& request);

// SHA-256 (64 hex digits) of the request: the origin, the body of encode_submit(), and `take`.
// Stable across releases: it names cache entries on disk.
// Worthless once `stop` is requested.
std::string request_key(const Profile& profile, const Request& request, std::string_view origin,
                        std::stop_token stop = {});
// The key of a task that was adopted by its id.
std::string adopted_task_key(std::string_view task_id, std::string_view origin);
// The key of a further clip of a task, beside the first one that was wanted.
std::string further_clip_key(std::string_view task_id, std::string_view origin, unsigned url_index);

// "/v1/tasks/submit"
std::string submit_path();
// "/v1/tasks/status?task_id=..." with every byte of the id percent-encoded (it may be hostile).
std::string status_path(std::string_view task_id);

// The content of a response. It contains no rules for retries.
struct ServiceError {
  std::string code;  // "rate_limit", "sensitive_check_error", ...; may be empty
  std::string type;
  std::string message;     // printable, shortened to 500 bytes
  std::string request_id;  // from `param` or `request_id`; may be empty
  std::string task_id;     // beside the error: printable, at most 512 bytes; may be empty
};

// Not JSON, too deep, too large, wrong types, or without a required member.
struct Unreadable {
  std::string why;  // "not JSON: ..." without any part of the body, which may be secret
};

// A submit that was accepted: the ids of the task.
using SubmitResponse = std::variant<TaskInfo, ServiceError, Unreadable>;
using StatusResponse = std::variant<TaskReport, ServiceError, Unreadable>;

// A 2xx body may be an error envelope: then ServiceError. The documented members of `output` are
// also accepted at the root or in `data`, and a task's id as `id` or as a number, if there is no
// error beside them.
SubmitResponse decode_submit(std::string_view text);
StatusResponse decode_status(std::string_view text);
// Decodes the body of a response that is not 2xx: {"error": {...}} or {code, message, data}. Any
// other body gives empty members.
ServiceError decode_error(std::string_view text);

}  // namespace modelverse::api
