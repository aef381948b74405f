// SPDX-License-Identifier: LGPL-2.1-or-later
// From codes and statuses to words. Codes: the vendor's pages on errors, see the README's table.
#include "job/refusal.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "job/url_rules.h"

namespace modelverse::job {

namespace {

struct Known {
  std::string_view code;
  ErrorCode error;
  std::string_view text;
};

// `model_not_found` was seen with HTTP 503 from a gateway: the code counts before the status.
constexpr std::array known_codes = {
    Known{"auth_error", ErrorCode::not_authorized,
          "The service does not accept the API key. Check MODELVERSE_API_KEY and auth-scheme."},
    Known{"model_error", ErrorCode::not_authorized,
          "The API key has no permission for this model."},
    Known{"permission_error", ErrorCode::not_authorized,
          "The service refuses this key: its quota is used up, or this address is not allowed."},
    Known{"forbidden", ErrorCode::not_authorized,
          "The service refuses this key: its quota is used up, or this address is not allowed."},
    Known{"sensitive_check_error", ErrorCode::failed,
          "The service refused the content of the picture or the prompt (moderation). This is "
          "final: change the picture or the prompt."},
    Known{"model_not_found", ErrorCode::settings, "The service does not have this model."},
    Known{"tokens_too_long", ErrorCode::settings, "The prompt is too long for this model."},
    Known{"param_error", ErrorCode::settings,
          "The service does not accept a value of the request."},
    Known{"invalid_messages", ErrorCode::settings, "The service does not accept the request."},
};

const Known* find_known(const api::ServiceError& said) {
  for (const auto& known : known_codes) {
    if (said.code == known.code || said.type == known.code)
      return &known;
  }
  return nullptr;
}

bool contains(const std::string& text, std::string_view part) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  const auto same = [&](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool is_moderation(const std::string& message) {
  constexpr std::array<std::string_view, 5> words = {"moderation", "sensitive", "safety",
                                                     "content policy", "inappropriate"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return contains(message, word); });
}

Known by_status(unsigned status, const std::string& message) {
  if (status == 401)
    return known_codes[0];
  if (status == 403)
    return known_codes[2];
  if (is_moderation(message))
    return known_codes[4];
  if (status == 404)
    return {"", ErrorCode::not_found,
            "The service does not know what was asked for. Check base-url."};
  if (status == 413)
    return {"", ErrorCode::settings, "The picture is too large for the service."};
  if (status >= 300 && status < 400)
    return {"", ErrorCode::settings,
            "The service redirects to another place, which is not followed: the key goes to "
            "base-url only. Set base-url to the new place if you trust it."};
  if (status == 429)
    return {"", ErrorCode::read, "The service limits the rate of requests. Try again later."};
  if (status >= 500)
    return {"", ErrorCode::read, "The service has trouble and did not answer as it should."};
  return {"", ErrorCode::settings, "The service does not accept the request."};
}

Known by_fault(http::FaultKind kind) {
  switch (kind) {
    case http::FaultKind::name_not_found:
      return {"", ErrorCode::not_found, "The name of the service's host cannot be resolved: "};
    case http::FaultKind::refused:
      return {"", ErrorCode::open_read, "The connection was refused by "};
    case http::FaultKind::unreachable:
      return {"", ErrorCode::open_read, "There is no way through the network to "};
    case http::FaultKind::tls:
      return {"", ErrorCode::open_read,
              "The TLS certificate is not trusted, or the handshake failed, with "};
    case http::FaultKind::timed_out:
      return {"", ErrorCode::read, "No answer in time from "};
    case http::FaultKind::reset:
    case http::FaultKind::early_close:
      return {"", ErrorCode::read, "The connection broke with "};
    case http::FaultKind::protocol:
    case http::FaultKind::sink:
      return {"", ErrorCode::read, "The answer is not readable, from "};
    case http::FaultKind::cancelled:
      break;
  }
  return {"", ErrorCode::cancelled, "Cancelled while talking to "};
}

}  // namespace

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

bool is_certain_refusal(const api::ServiceError& said) {
  return said.code == "rate_limit" || find_known(said) != nullptr;
}

Error explain_fault(const http::Fault& fault, Phase phase, const std::string& base_url) {
  const auto known = by_fault(fault.kind);
  Error error{.code = known.error,
              .text = std::string(known.text) + origin_of(base_url).value_or("the service") + ".",
              .debug = std::string(phase_name(phase)) + ": " + fault.text};
  error.details.phase = phase;
  return error;
}

Error explain_refusal(const Answer& answer, const api::ServiceError& said, Phase phase) {
  const auto* found = find_known(said);
  const Known known = found ? *found : by_status(answer.status, said.message);
  Error error{.code = known.error, .text = std::string(known.text), .debug = {}};
  if (!said.message.empty())
    error.text += " It says: " + said.message;
  error.debug = std::string(phase_name(phase)) + ": " + summary(answer.status, said);
  error.details.phase = phase;
  error.details.http_status = static_cast<int>(answer.status);
  error.details.error_code = said.code;
  error.details.request_id = said.request_id;
  return error;
}

}  // namespace modelverse::job
