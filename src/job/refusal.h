// SPDX-License-Identifier: LGPL-2.1-or-later
// What a response or a fault means to the person who waits for the clip.
#pragma once

#include <string>

#include "api/wire.h"
#include "core/error.h"
#include "http/transport.h"
#include "job/service.h"

namespace modelverse::job {

// A request, as an error's second text names it.
struct Call {
  Phase phase;
  std::string url;
};
Call submit_call(const std::string& base_url);
Call status_call(const std::string& base_url);
// "submit: POST https://api.example/v1/tasks/submit: <outcome>"; no secret of the URL is in it.
std::string tell(const Call& call, const std::string& outcome);

// The network itself failed: told apart by cause, with the host in the text.
Error explain_fault(const http::Fault& fault, const Call& call);

// The service refused, by its code first, its words second and the HTTP status last.
Error explain_refusal(const ApiResponse& response, const api::ServiceError& said, const Call& call);

// The task ended without a clip.
Error explain_failure(const ApiResponse& response, const task::Failure& failure, const Call& call);

// A refusal that is certain whatever the HTTP status says: the request was not accepted.
bool is_certain_refusal(const api::ServiceError& said);

// It says that there is no such task.
bool is_task_unknown(const ApiResponse& response, const api::ServiceError& said);

// "HTTP 503, rate_limit: too many requests (request abc)"; parts that are not there are left out.
std::string summary(unsigned http_status, const api::ServiceError& said);

}  // namespace modelverse::job
