// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/content_range.h"

#include <charconv>
#include <string>

namespace modelverse::job {

std::vector<http::Header> resume_headers(std::uint64_t have, const Record& record) {
  std::vector<http::Header> headers = {{"Range", "bytes=" + std::to_string(have) + "-"}};
  const bool is_strong = record.etag.starts_with('"');
  if (is_strong)
    headers.push_back({"If-Range", record.etag});
  else if (!record.last_modified.empty())
    headers.push_back({"If-Range", record.last_modified});
  return headers;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end)
    return std::nullopt;
  return value;
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  if (!text.starts_with(unit))
    return std::nullopt;
  text.remove_prefix(unit.size());
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash)
    return std::nullopt;
  const auto first = parse_number(text.substr(0, dash));
  const auto last = parse_number(text.substr(dash + 1, slash - dash - 1));
  const auto total_text = text.substr(slash + 1);
  const auto total = parse_number(total_text);
  if (!first || !last || *last < *first || (!total && total_text != "*"))
    return std::nullopt;
  if (total && *last >= *total)
    return std::nullopt;
  return ContentRange{*first, *last, total};
}

}  // namespace modelverse::job
