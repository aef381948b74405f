// SPDX-License-Identifier: LGPL-2.1-or-later
// Range and If-Range.
#include "emulator/file_response.h"

#include <algorithm>

namespace emulator {
namespace {

// An unreadable Range, and several ranges, are ignored: the whole file is a valid response.
std::optional<SoupRange> read_range(const HttpRequest& request, goffset size) {
  SoupRange* ranges = nullptr;
  int count = 0;
  std::optional<SoupRange> range;
  if (soup_message_headers_get_ranges(request.headers, size, &ranges, &count)) {
    if (count == 1)
      range = SoupRange{std::max<goffset>(ranges->start, 0), std::min(ranges->end, size - 1)};
    soup_message_headers_free_ranges(request.headers, ranges);
  }
  return range;
}

void send_part(HttpResponse& response, const SoupRange& range, const Rule* rule) {
  const std::uint64_t size = response.content.size();
  const Count wrong = rule ? rule->wrong_start : Count();
  response.status = 206;
  response.first = wrong ? std::min(*wrong, size) : static_cast<std::uint64_t>(range.start);
  const std::uint64_t end = std::max(static_cast<std::uint64_t>(range.end) + 1, response.first);
  response.length = end - response.first;
  soup_message_headers_set_content_range(response.headers.get(),
                                         static_cast<goffset>(response.first),
                                         static_cast<goffset>(end) - 1, static_cast<goffset>(size));
}

std::string http_date(std::int64_t unix_seconds) {
  const DateTimePtr time(g_date_time_new_from_unix_utc(unix_seconds));
  CharPtr text(soup_date_time_to_string(time.get(), SOUP_DATE_HTTP));
  return text.get();
}

}  // namespace

HttpResponse file_response(const HttpRequest& request, const StoredFile& file, const Rule* rule) {
  HttpResponse response = make_response(200, "video/mp4", file.content);
  const std::string date = http_date(file.changed_at);
  SoupMessageHeaders* headers = response.headers.get();
  soup_message_headers_replace(headers, "ETag", file.etag.c_str());
  soup_message_headers_replace(headers, "Last-Modified", date.c_str());
  soup_message_headers_replace(headers, "Accept-Ranges", "bytes");
  const auto size = static_cast<goffset>(file.content.size());
  const std::optional<SoupRange> range = read_range(request, size);
  // If-Range: the range applies only to the same version of the file.
  const std::string known = request.header("if-range");
  const bool is_same_file = known.empty() || known == file.etag || known == date;
  if (!range || !is_same_file || (rule && rule->no_range))
    return response;
  // For a range beyond the end, this storage sends 206, the whole file and no Content-Range.
  if (range->start >= size || (rule && rule->no_content_range))
    response.status = 206;
  else
    send_part(response, *range, rule);
  return response;
}

}  // namespace emulator
