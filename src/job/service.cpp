// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/service.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "api/wire.h"
#include "core/guarded.h"
#include "http/retry_after.h"
#include "job/inflate.h"
#include "job/url_rules.h"

namespace modelverse::job {

namespace {

constexpr int max_redirects = 5;

// The scheme that each base URL accepted last, for the life of the process. Never freed: a job's
// thread may outlive the static destructors.
Guarded<std::map<std::string, bool>>& bearer_by_base_url() {
  static auto* known = new Guarded<std::map<std::string, bool>>;
  return *known;
}

// A shorter key would match unrelated text.
constexpr std::size_t least_masked_key = 8;

// Number of bytes that encode `letter` at the start of `text`, plain or as a JSON escape: "\/",
// "\u002f". 0: none.
std::size_t spelled(std::string_view text, char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.starts_with(letter))
    return 1;
  if (!text.starts_with('\\'))
    return 0;
  if (text.substr(1).starts_with(letter))
    return 2;
  const auto code = static_cast<unsigned char>(letter);
  const std::string escape = {'\\', 'u', '0', '0', digits[code >> 4], digits[code & 0xf]};
  const auto is_same = [](char a, char b) { return (a >= 'A' && a <= 'F' ? a + 32 : a) == b; };
  return std::ranges::equal(text.substr(0, escape.size()), escape, is_same) ? escape.size() : 0;
}

std::size_t spelled(std::string_view text, const std::string& key) {
  std::size_t size = 0;
  for (const char letter : key) {
    const auto step = spelled(text.substr(size), letter);
    if (step == 0)
      return 0;
    size += step;
  }
  return size;
}

// The service's messages appear in errors and logs, and some contain the refused key.
void mask(std::string& text, const std::string& key) {
  constexpr std::string_view stars = "***";
  if (key.size() < least_masked_key)
    return;
  std::string masked;
  masked.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto size = spelled(std::string_view(text).substr(at), key);
    if (size > 0)
      masked += stars;
    else
      masked += text[at];
    at += std::max<std::size_t>(size, 1);
  }
  text = std::move(masked);
}

}  // namespace

http::Outcome exchange_with_redirects(http::Transport& transport, http::HttpRequest request,
                                      http::BodySink& sink, const std::stop_token& stop,
                                      const MayFollow& may_follow) {
  for (int redirects = 0;; ++redirects) {
    auto outcome = transport.exchange(request, sink, stop);
    const auto* response = std::get_if<http::HttpResponse>(&outcome);
    if (!response || response->status < 300 || response->status >= 400)
      return outcome;
    const auto* location = response->header("Location");
    const auto next = location ? resolve_location(request.url, *location) : std::nullopt;
    if (!location || !may_follow(response->status, request.url, next) || redirects == max_redirects)
      return outcome;
    request.url = *next;
  }
}

Service::Service(http::Transport& transport, Clock& clock, ServiceOptions options)
    : transport_(transport),
      clock_(clock),
      options_(std::move(options)),
      pace_(options_.base_url, options_.limits) {}

Reply Service::submit(SharedText body, std::chrono::seconds response_timeout,
                      std::vector<http::Header> headers, std::function<bool()> may_send) {
  http::HttpRequest request;
  request.headers = std::move(headers);
  request.method = http::Method::post;
  request.url = options_.base_url + api::submit_path();
  request.body = std::move(body);
  request.content_type = "application/json";
  request.response_timeout = response_timeout;
  request.may_send = std::move(may_send);
  // A submit under way may have been accepted: it is never interrupted, so it gets no stop token.
  return call(std::move(request), {});
}

Reply Service::status(const std::string& task_id, std::optional<Clock::TimePoint> deadline,
                      std::stop_token stop) {
  http::HttpRequest request;
  request.url = options_.base_url + api::status_path(task_id);
  request.deadline = deadline;
  return call(std::move(request), stop);
}

bool Service::starts_as_bearer() const {
  if (options_.auth_scheme != AuthScheme::automatic)
    return options_.auth_scheme == AuthScheme::bearer;
  auto known = bearer_by_base_url().lock();
  const auto found = known->find(options_.base_url);
  return found != known->end() && found->second;
}

Reply Service::call(http::HttpRequest request, const std::stop_token& stop) {
  const bool bearer = starts_as_bearer();
  auto reply = call_as(request, bearer, stop);
  const auto* response = std::get_if<ApiResponse>(&reply);
  if (options_.auth_scheme != AuthScheme::automatic || !response || response->status != 401)
    return reply;
  auto other = call_as(std::move(request), !bearer, stop);
  const auto* second = std::get_if<ApiResponse>(&other);
  if (second && second->status != 401)
    (*bearer_by_base_url().lock())[options_.base_url] = !bearer;
  return other;
}

Reply Service::call_as(http::HttpRequest request, bool bearer, const std::stop_token& stop) {
  request.is_response_short = true;
  request.headers.push_back({"Accept", "application/json"});
  request.headers.push_back({"Authorization", (bearer ? "Bearer " : "") + options_.api_key});
  // The key is sent to the API's origin only.
  const auto may_follow = [this](unsigned status, const auto&, const auto& next) {
    return (status == 307 || status == 308) && next && is_same_origin(*next, options_.base_url);
  };
  http::BoundedBody body(api::max_response_bytes);
  auto outcome = exchange_with_redirects(transport_, std::move(request), body, stop, may_follow);
  if (auto* fault = std::get_if<http::Fault>(&outcome)) {
    if (fault->kind != http::FaultKind::sink || !body.response())
      return std::move(*fault);
    return ApiResponse{.status = body.response()->status, .body = {}, .too_large = true};
  }
  return read(std::get<http::HttpResponse>(outcome), body.text());
}

ApiResponse Service::read(const http::HttpResponse& response, std::string text) {
  const auto retry_after = http::retry_after(response, clock_.unix_time());
  pace_.note(response.status, retry_after, clock_.now());
  // The request asks for `identity`; a gateway that compresses nevertheless must not cause the loss
  // of a paid task's id.
  const auto* encoding = response.header("Content-Encoding");
  if (auto plain = encoding ? inflate(text, *encoding, api::max_response_bytes) : std::nullopt)
    text = std::move(*plain);
  if (text.size() > api::max_response_bytes)
    return {.status = response.status, .body = {}, .too_large = true};
  mask(text, options_.api_key);
  return {.status = response.status,
          .body = std::move(text),
          .too_large = false,
          .retry_after = retry_after};
}

}  // namespace modelverse::job
