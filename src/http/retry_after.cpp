// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads Retry-After without libsoup, which may not be loaded.
#include "http/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace modelverse::http {
namespace {

// RFC 9110, 5.6.7: the current format and two obsolete ones. The names are English.
constexpr std::array date_formats = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                     "%a %b %d %H:%M:%S %Y"};

std::optional<std::int64_t> unix_time_of(const std::string& date) {
  for (const char* format : date_formats) {
    std::tm parts = {};
    parts.tm_sec = -1;  // libstdc++ accepts a text that ends early
    std::istringstream text(date);
    text.imbue(std::locale::classic());
    text >> std::get_time(&parts, format);
    if (text && text.peek() == std::istringstream::traits_type::eof() && parts.tm_sec >= 0 &&
        parts.tm_year > 0)
      return timegm(&parts);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response,
                                                std::int64_t unix_now) {
  const auto* header = response.header("Retry-After");
  if (!header)
    return std::nullopt;
  std::int64_t seconds = 0;
  const auto* end = header->data() + header->size();
  const auto [stopped, error] = std::from_chars(header->data(), end, seconds);
  if (error == std::errc{} && stopped == end)
    return std::chrono::seconds(std::max<std::int64_t>(seconds, 0));
  const auto date = unix_time_of(*header);
  if (!date)
    return std::nullopt;
  return std::chrono::seconds(std::max<std::int64_t>(*date - unix_now, 0));
}

}  // namespace modelverse::http
