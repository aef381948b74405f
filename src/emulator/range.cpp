// SPDX-License-Identifier: LGPL-2.1-or-later
// Range and If-Range.
#include "emulator/range.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace emulator {
namespace {

enum class Wish { whole, part, beyond };

struct Range {
  Wish wish = Wish::whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

Count number_from(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return {};
  return value;
}

Range last_bytes(Count count, std::uint64_t size) {
  if (!count)
    return {};
  if (*count == 0 || size == 0)
    return {Wish::beyond};
  return {Wish::part, size - std::min(*count, size), size - 1};
}

// What cannot be read, and more than one range, count as no range: the whole is a right answer.
Range read_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit))
    return {};
  header.remove_prefix(unit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos)
    return {};
  const std::string_view end = header.substr(dash + 1);
  if (dash == 0)
    return last_bytes(number_from(end), size);
  const Count first = number_from(header.substr(0, dash));
  const Count last = end.empty() ? Count(UINT64_MAX) : number_from(end);
  if (!first || !last || *last < *first)
    return {};
  if (*first >= size)
    return {Wish::beyond};
  return {Wish::part, *first, std::min(*last, size - 1)};
}

// If-Range: the range holds only for the very file that the client knows.
bool is_same_file(const std::string& if_range, const StoredFile& file) {
  return if_range.empty() || if_range == file.etag || if_range == file.last_modified;
}

void send_part(HttpResponse& response, const Range& range, const Rule* rule) {
  const std::uint64_t size = response.content.size();
  const Count wrong = rule ? rule->wrong_start : Count();
  response.status = 206;
  response.first = wrong ? std::min(*wrong, size) : range.first;
  const std::uint64_t last = wrong ? std::max(range.last + 1, response.first) : range.last + 1;
  response.length = last - response.first;
  set_header(response.headers, "Content-Range",
             "bytes " + std::to_string(response.first) + "-" + std::to_string(last - 1) + "/" +
                 std::to_string(size));
}

}  // namespace

HttpResponse file_response(const HttpRequest& request, const StoredFile& file, const Rule* rule) {
  HttpResponse response = make_response(200, "video/mp4", file.content);
  set_header(response.headers, "ETag", file.etag);
  set_header(response.headers, "Last-Modified", file.last_modified);
  set_header(response.headers, "Accept-Ranges", "bytes");
  const Range range = read_range(request.header("range"), file.content.size());
  if (range.wish == Wish::whole || !is_same_file(request.header("if-range"), file) ||
      (rule && rule->no_range))
    return response;
  // This storage answers a range beyond the end with 206, the whole, and no Content-Range.
  if (range.wish == Wish::beyond || (rule && rule->no_content_range))
    response.status = 206;
  else
    send_part(response, range, rule);
  return response;
}

std::string http_date(std::int64_t unix_seconds) {
  // Not g_date_time_format: its names of days follow the locale.
  static const char* const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  DateTimePtr time(g_date_time_new_from_unix_utc(unix_seconds));
  CharPtr text(g_strdup_printf(
      "%s, %02d %s %d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week(time.get()) - 1],
      g_date_time_get_day_of_month(time.get()), months[g_date_time_get_month(time.get()) - 1],
      g_date_time_get_year(time.get()), g_date_time_get_hour(time.get()),
      g_date_time_get_minute(time.get()), g_date_time_get_second(time.get())));
  return text.get();
}

}  // namespace emulator
