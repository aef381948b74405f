// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's wire format: values to JSON text and back. Knows no HTTP.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "api/profile.h"
#include "core/byte_source.h"
#include "core/request.h"
#include "core/result.h"
#include "core/task.h"

namespace modelverse::api {

// Responses are read up to these bounds; beyond them they are refused, not truncated.
inline constexpr std::size_t max_response_bytes = 1 << 20;
inline constexpr int max_json_depth = 64;
inline constexpr std::size_t max_task_id_bytes = 512;

// The body of POST /v1/tasks/submit. `resolution` and `duration` left at their default are sent
// with the profile's default value; an unknown model gets them only where the user set them.
// An entry of extra_input/extra_parameters wins over our own (nested structures are merged no
// deeper: the entry replaces). A picture's bytes are kept as they are, and become Base64 as the
// body is read. `external_id`: see choose_external_id(); empty: none is sent.
std::shared_ptr<const ByteSource> encode_submit(const Profile& profile, Request request,
                                                const std::string& external_id = {});

// The caller's own id of the task, where the model has a field for it: the user's, which stands in
// an extra, or `fresh`. Empty: the model has none, or what stands in the extra is no id. It is no
// part of the request's key.
std::string choose_external_id(const Profile& profile, const Request& request, std::string fresh);

// SHA-256 (64 hex digits) of what makes this request's clip: the origin, the body as
// encode_submit() makes it, and `take`. Stable across releases: it names entries on disk.
std::string request_key(const Profile& profile, const Request& request, std::string_view origin);
// The key of a task that was adopted by its id alone.
std::string adopted_task_key(std::string_view task_id, std::string_view origin);

// "/v1/tasks/submit"
std::string submit_path();
// "/v1/tasks/status?task_id=..." with the id percent-encoded whole (it may be hostile).
std::string status_path(std::string_view task_id);

// What a response's text says. Each is nothing but the text read: no rule on retrying.
struct ServiceError {
  std::string code;  // "rate_limit", "sensitive_check_error", ...; may be empty
  std::string type;
  std::string message;     // printable, shortened to 500 bytes
  std::string request_id;  // from `param` or `request_id`; may be empty
  std::string task_id;  // that stands beside the error: printable, at most 512 bytes; may be empty
};

// Unreadable: not JSON, too deep, too large, wrong types, or without what it must have.
struct Unreadable {
  std::string why;  // "not JSON: ..." with nothing of the body in it that could be a secret
};

using SubmitResponse = std::variant<SubmitReceipt, ServiceError, Unreadable>;
using StatusResponse = std::variant<TaskReport, ServiceError, Unreadable>;

// A 2xx body may still be an error envelope: then ServiceError. What is documented to stand in
// `output` may also stand without it or in `data`, a task's id as `id` or as a number: where no
// error stands beside it, it is taken.
SubmitResponse decode_submit(std::string_view text);
StatusResponse decode_status(std::string_view text);
// The body of a response that is not 2xx. Understands {"error": {...}} and {code, message, data};
// anything else gives empty members.
ServiceError decode_error(std::string_view text);

}  // namespace modelverse::api
