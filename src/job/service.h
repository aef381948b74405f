// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's submit and status routes over a transport: authorization and redirects. No retries,
// except the second scheme of auth-scheme=auto.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/settings.h"
#include "core/shared_text.h"
#include "http/transport.h"
#include "job/pace.h"

namespace modelverse::job {

// A complete response. `too_large`: the body exceeds the limit of api/wire.h.
struct ApiResponse {
  unsigned status = 0;
  std::string body;
  bool too_large = false;
  std::optional<std::chrono::seconds> retry_after;
  bool is_good() const { return status >= 200 && status < 300; }
};

using Reply = std::variant<ApiResponse, http::Fault>;

struct ServiceOptions {
  std::string base_url;
  std::string api_key;
  AuthScheme auth_scheme = AuthScheme::automatic;
  RetryLimits limits = {};
};

// A redirect's status, its URL, and where it leads: nothing if that cannot be parsed.
using MayFollow = std::function<bool(unsigned status, const std::string& from,
                                     const std::optional<std::string>& to)>;
// One exchange with its redirects, at most five. A redirect that is not followed is the response.
http::Outcome exchange_with_redirects(http::Transport& transport, http::HttpRequest request,
                                      http::BodySink& sink, const std::stop_token& stop,
                                      const MayFollow& may_follow);

class Service {
 public:
  Service(http::Transport& transport, Clock& clock, ServiceOptions options);

  // `response_timeout`: from the first byte of each exchange to its complete response. `headers`:
  // those that the model needs. `may_send`: see HttpRequest.
  Reply submit(SharedText body, std::chrono::seconds response_timeout,
               std::vector<http::Header> headers = {}, std::function<bool()> may_send = {});
  // `deadline`: when the whole exchange must end; empty: no limit.
  Reply status(const std::string& task_id, std::optional<Clock::TimePoint> deadline,
               std::stop_token stop);
  // To be waited for before the next request: see Pace.
  Clock::Duration held(const Random& random) const { return pace_.wait(clock_.now(), random); }

 private:
  Reply call(http::HttpRequest request, const std::stop_token& stop);
  Reply call_as(http::HttpRequest request, bool bearer, const std::stop_token& stop);
  ApiResponse read(const http::HttpResponse& response, std::string text);
  bool starts_as_bearer() const;

  http::Transport& transport_;
  Clock& clock_;
  ServiceOptions options_;
  Pace pace_;
};

}  // namespace modelverse::job
