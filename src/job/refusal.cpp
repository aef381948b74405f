// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps error codes and HTTP statuses to texts. Codes: the vendor's pages on errors.
#include "job/refusal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "api/printable.h"
#include "core/redact.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "job/url_rules.h"

namespace modelverse::job {

namespace {

struct Known {
  ErrorCode error;
  const char* text;
};

constexpr Known bad_key = {
    ErrorCode::not_authorized,
    N_("The service does not accept the API key. Check MODELVERSE_API_KEY and auth-scheme.")};
constexpr Known no_quota = {ErrorCode::not_authorized,
                            N_("The account's quota is used up. Check its balance.")};
constexpr Known bad_address = {
    ErrorCode::not_authorized,
    N_("This machine's address is not allowed to use the API key. Check the key's settings.")};
constexpr Known forbidden = {
    ErrorCode::not_authorized,
    N_("The service refuses this key: its quota is used up, or this address is not allowed.")};
constexpr Known refused_content = {
    ErrorCode::failed,
    N_("The service refused the content of the picture or the prompt (moderation). This is "
       "final: change the picture or the prompt.")};
// The sizes are those of the default model, the only model known to send this error.
constexpr Known wrong_size = {
    ErrorCode::settings,
    N_("The picture does not have the size of the video: 1280x720 or 720x1280 for 720p, 1792x1024 "
       "or 1024x1792 for 1080p.")};
constexpr Known too_large = {ErrorCode::settings, N_("The picture is too large for the service.")};

struct KnownCode {
  std::string_view code;
  Known known;
};

// `model_not_found` was seen with HTTP 503 from a gateway: the code counts before the status.
constexpr std::array known_codes = {
    KnownCode{"auth_error", bad_key},
    KnownCode{"model_error",
              {ErrorCode::not_authorized, N_("The API key has no permission for this model.")}},
    KnownCode{"permission_error", forbidden},
    KnownCode{"forbidden", forbidden},
    KnownCode{"sensitive_check_error", refused_content},
    KnownCode{"model_not_found",
              {ErrorCode::settings, N_("The service does not have this model.")}},
    KnownCode{"tokens_too_long",
              {ErrorCode::settings, N_("The prompt is too long for this model.")}},
    KnownCode{"param_error",
              {ErrorCode::settings, N_("The service does not accept a value of the request.")}},
    KnownCode{"invalid_messages",
              {ErrorCode::settings, N_("The service does not accept the request.")}},
};

constexpr Known temporary_error = {ErrorCode::read, N_("The service reports a temporary error.")};
constexpr Known too_many = {ErrorCode::read,
                            N_("The service limits the rate of requests. Try again later.")};

// Temporary errors.
constexpr std::array passing_codes = {
    KnownCode{"rate_limit", too_many}, KnownCode{"timeout", temporary_error},
    KnownCode{"internal_error", temporary_error}, KnownCode{"model_server_error", temporary_error},
    KnownCode{"gateway_timeout_error", temporary_error}};

template <std::size_t count>
const Known* find(const std::array<KnownCode, count>& codes, const api::ServiceError& said) {
  for (const auto& [code, known] : codes) {
    if (said.code == code || said.type == code)
      return &known;
  }
  return nullptr;
}

bool contains(const std::string& text, std::string_view part) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  const auto same = [&](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool contains_one(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return contains(text, word); });
}

void add_message(Error& error, const std::string& message) {
  if (!message.empty())
    error.text = two_sentences(error.text, format_text(_("The service says: %s"), message.c_str()));
}

// The service's messages are in English or Chinese.
bool is_moderation(const std::string& message) {
  return contains_one(message, {"moderation", "sensitive content", "sensitive word", "safety",
                                "content policy", "inappropriate", "敏感", "违规", "审核"});
}

Known refine_forbidden(const std::string& message) {
  if (contains_one(message, {"quota", "balance", "insufficient", "credit", "余额", "欠费", "额度"}))
    return no_quota;
  if (contains_one(message, {"address", "whitelist", "white list", "allowlist", "白名单"}))
    return bad_address;
  return forbidden;
}

Known by_status(unsigned status) {
  if (status == 401)
    return bad_key;
  if (status == 402)
    return no_quota;
  if (status == 404)
    return {ErrorCode::not_found,
            N_("The service does not have the requested resource. Check base-url.")};
  if (status == 407)
    return {
        ErrorCode::not_authorized,
        N_("The proxy requires authentication: put user and password into its URL (https_proxy, "
           "http_proxy, or the proxy property).")};
  if (status == 413)
    return too_large;
  if (status >= 300 && status < 400)
    return {
        ErrorCode::settings,
        N_("The service redirects to another location, which is not followed: the key is sent to "
           "base-url only. Set base-url to the new location if you trust it.")};
  if (status == 429)
    return too_many;
  if (is_temporary(status))
    return temporary_error;
  return {ErrorCode::settings, N_("The service does not accept the request.")};
}

Known classify(unsigned status, const api::ServiceError& said) {
  if (const auto* passing = find(passing_codes, said))
    return *passing;
  const auto* found = find(known_codes, said);
  const bool says_little = !found || found->error == ErrorCode::settings;
  const bool is_about_request = status < 500 && status != 401 && status != 429;
  if (says_little && is_about_request) {
    if (contains(said.message, "match the requested width and height"))
      return wrong_size;
    if (is_moderation(said.message))
      return refused_content;
  }
  if (found ? std::string_view(found->text) == forbidden.text : status == 403)
    return refine_forbidden(said.message);
  return found ? *found : by_status(status);
}

struct KnownFault {
  ErrorCode error;
  std::string text;
};

KnownFault by_fault(const http::Fault& fault, const std::string& shown_host) {
  const char* const host = shown_host.c_str();
  const char* const cause = fault.text.c_str();
  switch (fault.kind) {
    case http::FaultKind::name_not_found:
      return {ErrorCode::not_found,
              format_text(_("The host name of %s cannot be resolved."), host)};
    case http::FaultKind::refused:
      return {ErrorCode::open_read,
              format_text(_("The connection was refused by %s: no server is listening."), host)};
    case http::FaultKind::unreachable:
      return {ErrorCode::open_read, format_text(_("%s is unreachable (%s)."), host, cause)};
    case http::FaultKind::tls:
      return {
          ErrorCode::open_read,
          format_text(_("The TLS certificate of %s is not trusted, or the handshake failed (%s). "
                        "Nothing was sent. Check this machine's clock; tls-database names other "
                        "authorities to trust."),
                      host, cause)};
    case http::FaultKind::timed_out:
      return {ErrorCode::read, format_text(_("No response in time from %s."), host)};
    case http::FaultKind::reset:
    case http::FaultKind::early_close:
      return {ErrorCode::read, format_text(_("The connection to %s was interrupted."), host)};
    case http::FaultKind::protocol:
    case http::FaultKind::sink:
      return {ErrorCode::read, format_text(_("The response of %s cannot be parsed."), host)};
    case http::FaultKind::too_many_files:
      return {ErrorCode::too_many_files,
              format_text(_("No connection to %s can be opened: %s"), host, cause)};
    case http::FaultKind::cancelled:
      break;
  }
  return {ErrorCode::cancelled, format_text(_("Cancelled during a request to %s."), host)};
}

}  // namespace

Call submit_call(const std::string& base_url) {
  return {Phase::submit, base_url + api::submit_path()};
}

Call status_call(const std::string& base_url) {
  return {Phase::generate, base_url + api::status_path("")};
}

std::string describe(const Call& call, const std::string& outcome) {
  // Only the host of a result link is shown.
  const auto place =
      call.phase == Phase::download ? shown_link(call.url) : without_secrets(call.url);
  return std::string(phase_name(call.phase)) +
         (call.phase == Phase::submit ? ": POST " : ": GET ") + api::printable(place) + ": " +
         outcome;
}

std::string summary(unsigned http_status, const api::ServiceError& said) {
  std::string text = "HTTP " + std::to_string(http_status);
  if (!said.code.empty())
    text += ", " + said.code;
  if (!said.message.empty())
    text += ": " + said.message;
  if (!said.request_id.empty())
    text += " (request " + said.request_id + ")";
  return text;
}

bool is_temporary(unsigned http_status) {
  return http_status == 408 || http_status == 425 || http_status == 429 || http_status >= 500;
}

bool is_certain_refusal(const api::ServiceError& said) {
  return said.code == "rate_limit" || find(known_codes, said) != nullptr;
}

bool is_task_unknown(const ApiResponse& response, const api::ServiceError& said) {
  const auto words = said.code + " " + said.message;
  return response.status == 404 || response.status == 410 ||
         (contains(words, "task") && contains_one(words, {"not found", "not_found", "not exist"}));
}

Error explain_fault(const http::Fault& fault, const Call& call, SourceLocation origin) {
  auto known = by_fault(fault, api::printable(origin_of(call.url).value_or(_("the service"))));
  Error error{.code = known.error,
              .text = std::move(known.text),
              .debug = describe(call, fault.text),
              .origin = origin};
  // The service chooses the host of a result.
  if (!fault.is_request_sent && call.phase != Phase::download)
    error.text = two_sentences(error.text, _("Check base-url and the network."));
  // libsoup reads no response before the whole request is written.
  if (fault.kind == http::FaultKind::reset && !fault.is_request_sent && call.phase == Phase::submit)
    error.text = two_sentences(
        error.text, _("A server may also refuse a request this way: check the API key and the size "
                      "of the picture."));
  return error;
}

Error explain_refusal(const ApiResponse& response, const api::ServiceError& said, const Call& call,
                      SourceLocation origin) {
  const auto known = classify(response.status, said);
  Error error{.code = known.error,
              .text = _(known.text),
              .debug = describe(call, summary(response.status, said)),
              .origin = origin};
  add_message(error, said.message);
  error.details.http_status = static_cast<int>(response.status);
  error.details.error_code = said.code;
  error.details.request_id = said.request_id;
  return error;
}

Error explain_failure(const ApiResponse& response, const TaskReport& report, const Call& call,
                      SourceLocation origin) {
  Error error{.code = ErrorCode::failed,
              .text = format_text(_("The service could not make the clip (%s)."),
                                  report.status_text.c_str()),
              .debug = describe(call, "the task ended as " + report.status_text),
              .origin = origin};
  if (is_moderation(report.error_message))
    error.text = _(refused_content.text);
  add_message(error, report.error_message);
  error.details.http_status = static_cast<int>(response.status);
  return error;
}

}  // namespace modelverse::job
