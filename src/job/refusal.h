// SPDX-License-Identifier: LGPL-2.1-or-later
// What an answer or a fault means to the person who waits for the clip.
#pragma once

#include <string>

#include "api/wire.h"
#include "core/error.h"
#include "http/transport.h"
#include "job/service.h"

namespace modelverse::job {

// The network itself failed: told apart by cause, with the host in the text.
Error explain_fault(const http::Fault& fault, Phase phase, const std::string& base_url);

// The service refused, by its code first and the HTTP status second.
Error explain_refusal(const Answer& answer, const api::ServiceError& said, Phase phase);

// A refusal that is certain whatever the HTTP status says: the request was not accepted.
bool is_certain_refusal(const api::ServiceError& said);

// "HTTP 503, rate_limit: too many requests (request abc)"; parts that are not there are left out.
std::string summary(unsigned http_status, const api::ServiceError& said);

}  // namespace modelverse::job
