// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading Retry-After; the date formats are libsoup's business.
#include "http/retry_after.h"

#include <libsoup/soup.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace modelverse::http {

std::optional<std::chrono::seconds> retry_after(const Response& response, std::int64_t unix_now) {
  const auto* header = response.header("Retry-After");
  if (!header)
    return std::nullopt;
  std::int64_t seconds = 0;
  const auto* end = header->data() + header->size();
  const auto [stopped, error] = std::from_chars(header->data(), end, seconds);
  if (error == std::errc{} && stopped == end)
    return std::chrono::seconds(std::max<std::int64_t>(seconds, 0));
  const std::unique_ptr<GDateTime, Freer<g_date_time_unref>> date(
      soup_date_time_new_from_http_string(header->c_str()));
  if (!date)
    return std::nullopt;
  return std::chrono::seconds(
      std::max<std::int64_t>(g_date_time_to_unix(date.get()) - unix_now, 0));
}

}  // namespace modelverse::http
