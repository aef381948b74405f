// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/redact.h"

#include <algorithm>

namespace modelverse {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view ellipsis = "...";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_scheme_character(char c) {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

bool is_scheme(std::string_view scheme) {
  constexpr std::size_t longest = 10;  // a longer one may be a secret
  return !scheme.empty() && scheme.size() <= longest && is_letter(scheme[0]) &&
         std::ranges::all_of(scheme, is_scheme_character);
}

// "", or ":8443".
bool is_port(std::string_view port) {
  return port.empty() ||
         (port[0] == ':' && port.size() <= 6 && std::ranges::all_of(port.substr(1), is_digit));
}

// "host:8443", "[::1]:8443".
bool is_place(std::string_view place) {
  const bool is_bracketed = place.starts_with('[');
  const auto end = std::min(place.find(is_bracketed ? ']' : ':'), place.size());
  const auto host = place.substr(is_bracketed ? 1 : 0, end - (is_bracketed ? 1 : 0));
  const auto rest = place.substr(std::min(end + (is_bracketed ? 1 : 0), place.size()));
  return is_host(host) && is_port(rest);
}

std::string_view authority_of(std::string_view behind_scheme) {
  return behind_scheme.substr(0, behind_scheme.find_first_of("/\\?#"));
}

std::string_view without_user(std::string_view authority) {
  const auto at = authority.rfind('@');
  return at == npos ? authority : authority.substr(at + 1);
}

bool is_plain_character(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

// A longer one may be a signature or a token.
constexpr std::size_t longest_plain = 24;

// A plain word, as in page names; not a signature, token or number.
bool is_plain(std::string_view segment) {
  constexpr std::ptrdiff_t most_digits = 2;  // "v1"
  return segment.size() <= longest_plain &&
         std::ranges::count_if(segment, is_digit) <= most_digits &&
         std::ranges::all_of(segment, is_plain_character);
}

// Length of the plain part of `path`, in whole segments.
std::size_t plain_size(std::string_view path) {
  std::size_t plain = 0;
  while (plain < path.size() && path[plain] == '/') {
    const auto end = std::min(path.find('/', plain + 1), path.size());
    if (!is_plain(path.substr(plain + 1, end - plain - 1)))
      break;
    plain = end;
  }
  return plain;
}

bool is_escape(std::string_view text, std::string_view upper) {
  return text.size() >= upper.size() && text[0] == '%' && text[1] == upper[1] &&
         (text[2] == upper[2] || text[2] == upper[2] + ('a' - 'A'));
}

// Start of a query-like part: "?", "&" or an escaped "?", followed later by "=" or its escape.
std::size_t query_start(std::string_view word) {
  auto start = npos;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const auto rest = word.substr(at);
    const bool begins = rest[0] == '?' || rest[0] == '&' || is_escape(rest, "%3F");
    if (begins && start == npos)
      start = at;
    if (start != npos && (rest[0] == '=' || is_escape(rest, "%3D")))
      return start;
  }
  return npos;
}

// Start of what may be a token, in a word that may be a link: "host/TOKEN", or with the escapes of
// JSON, of a URL or of HTML, "https:\/\/host", "https%3A%2F%2Fhost", "https:&#x2F;&#x2F;host".
std::size_t token_start(std::string_view word) {
  if (word.find_first_of("/\\%&") == npos)
    return npos;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= word.size(); ++at) {
    if (at < word.size() && is_plain_character(word[at]))
      continue;
    if (at - start > longest_plain)
      return start;
    start = at + 1;
  }
  return npos;
}

std::string shown_part(std::string_view word) {
  const auto start = std::min(query_start(word), token_start(word));
  std::string shown(word.substr(0, start));
  return start == npos ? shown : shown.append(ellipsis);
}

// `word`: consecutive characters that are valid in a URL.
std::string shown_word(std::string_view word) {
  constexpr std::string_view punctuation = ".,:;!)]'";
  const auto separator = word.find("://");
  if (separator == npos)
    return shown_part(word);
  auto scheme = separator;
  while (scheme > 0 && is_scheme_character(word[scheme - 1]))
    --scheme;
  const auto before = word.substr(0, scheme);
  if (query_start(before) != npos)
    return shown_part(before);
  const auto end = std::max(word.find_last_not_of(punctuation) + 1, separator + 3);
  const auto link = word.substr(scheme, end - scheme);
  auto shown = shown_link(link);
  const auto rest = link.substr(separator - scheme + 3);
  const auto authority = authority_of(rest);
  const auto path = rest.substr(authority.size());
  const bool has_place = !shown.ends_with(ellipsis);
  const auto plain = has_place ? plain_size(path.substr(0, path.find_first_of("?#"))) : 0;
  shown.append(path.substr(0, plain));
  if (has_place && plain < path.size())
    shown.append(ellipsis);
  return std::string(before) + shown + std::string(word.substr(end));
}

bool ends_word(char c) {
  constexpr std::string_view never_in_a_url = "\"<>`\x7f";
  return (static_cast<unsigned char>(c) <= ' ') || never_in_a_url.find(c) != npos;
}

}  // namespace

bool is_host(std::string_view host) {
  const bool is_ipv6 = host.find(':') != npos;  // "%": before the zone
  return !host.empty() && std::ranges::all_of(host, [is_ipv6](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80 || (is_ipv6 && (c == ':' || c == '%'));
  });
}

std::string without_secrets(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto separator = url.find("://");
  if (separator == npos)
    return std::string(url);
  const auto rest = url.substr(separator + 3);
  const auto authority = authority_of(rest);
  return std::string(url.substr(0, separator + 3)) + std::string(without_user(authority)) +
         std::string(rest.substr(authority.size()));
}

std::string shown_link(std::string_view link) {
  const auto separator = link.find("://");
  if (separator == npos || !is_scheme(link.substr(0, separator)))
    return std::string(ellipsis);
  const auto place = without_user(authority_of(link.substr(separator + 3)));
  return std::string(link.substr(0, separator + 3)) +
         std::string(is_place(place) ? place : ellipsis);
}

std::string without_links(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto end = std::ranges::find_if(text, ends_word) - text.begin();
    const auto size = static_cast<std::size_t>(end);
    shown += shown_word(text.substr(0, size));
    text.remove_prefix(size);
    if (text.empty())
      break;
    shown += text[0];
    text.remove_prefix(1);
  }
  return shown;
}

}  // namespace modelverse
