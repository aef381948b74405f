// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns responses and network faults into errors for the user.
#pragma once

#include <string>

#include "api/wire.h"
#include "core/error.h"
#include "http/transport.h"
#include "job/service.h"

namespace modelverse::job {

// A request, for an error's debug text.
struct Call {
  Phase phase;
  std::string url;
};
Call submit_call(const std::string& base_url);
Call status_call(const std::string& base_url);
// "submit: POST https://api.example/v1/tasks/submit: <outcome>"; without secrets of the URL.
std::string describe(const Call& call, const std::string& outcome);

// A network error: distinguished by cause, with the host in the text.
Error explain_fault(const http::Fault& fault, const Call& call,
                    SourceLocation origin = SourceLocation::current());

// A refusal, classified by its code first, its message second and the HTTP status last.
Error explain_refusal(const ApiResponse& response, const api::ServiceError& said, const Call& call,
                      SourceLocation origin = SourceLocation::current());

// The task ended without a clip.
Error explain_failure(const ApiResponse& response, const TaskReport& report, const Call& call,
                      SourceLocation origin = SourceLocation::current());

// The status of a temporary error: the same request may succeed later.
bool is_temporary(unsigned http_status);

// True when the error code alone proves that the request was not accepted, whatever the HTTP
// status.
bool is_certain_refusal(const api::ServiceError& said);

// True when the response reports that the task does not exist.
bool is_task_unknown(const ApiResponse& response, const api::ServiceError& said);

// "HTTP 503, rate_limit: too many requests (request abc)"; absent parts are left out.
std::string summary(unsigned http_status, const api::ServiceError& said);

}  // namespace modelverse::job
