// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows and columns.
#include "tool/task_list.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <tuple>

#include "api/text.h"
#include "glib/handles.h"

namespace modelverse::tool {

namespace {

constexpr std::size_t key_digits = 12;
constexpr std::size_t prompt_bytes = 48;
constexpr std::size_t whole_bytes = 64 << 10;

using DateTimePtr = std::unique_ptr<GDateTime, Freer<g_date_time_unref>>;
using Row = std::array<std::string, 7>;

const Row heading = {"KEY", "STATUS", "SIZE", "LAST USED", "MODEL", "TASK", "PROMPT"};

std::string megabytes(std::uint64_t bytes) {
  if (bytes == 0)
    return "-";
  const CharPtr text(g_strdup_printf("%.1f MB", static_cast<double>(bytes) / 1e6));
  return text.get();
}

std::string local_time(std::int64_t unix_seconds) {
  const DateTimePtr time(g_date_time_new_from_unix_local(unix_seconds));
  const CharPtr text(time ? g_date_time_format(time.get(), "%Y-%m-%d %H:%M") : nullptr);
  return text ? text.get() : "-";
}

std::string word(const std::string& text) {
  return text.empty() ? "-" : api::printable(text, 200);
}

void sort_by_use(std::vector<store::EntrySummary>& entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(b.last_used, a.record.key) < std::tie(a.last_used, b.record.key);
  });
}

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(g_utf8_strlen(text.c_str(), -1));
}

// The last column is as wide as it is.
std::string in_columns(const std::vector<Row>& rows) {
  Row::size_type last = heading.size() - 1;
  std::array<std::size_t, std::tuple_size_v<Row>> widths = {};
  for (const auto& row : rows)
    for (Row::size_type i = 0; i < last; ++i)
      widths[i] = std::max(widths[i], letters(row[i]) + 2);
  std::string text;
  for (const auto& row : rows) {
    for (Row::size_type i = 0; i < last; ++i)
      text += row[i] + std::string(widths[i] - letters(row[i]), ' ');
    text += row[last] + "\n";
  }
  return text;
}

}  // namespace

const char* status_word(const store::EntrySummary& entry) {
  switch (entry.record.state) {
    case RecordState::submitting:
      return entry.is_locked ? "submitting" : "unknown";
    case RecordState::submitted:
      return entry.is_locked ? "running" : "unfinished";
    case RecordState::complete:
      return "complete";
  }
  return "unknown";
}

std::string tasks_as_text(std::vector<store::EntrySummary> entries) {
  sort_by_use(entries);
  std::vector<Row> rows = {heading};
  for (const auto& entry : entries) {
    const auto& record = entry.record;
    rows.push_back({record.key.substr(0, key_digits), status_word(entry),
                    megabytes(entry.clip_bytes), local_time(entry.last_used), word(record.model),
                    word(record.task_id), api::printable(record.prompt, prompt_bytes)});
  }
  return in_columns(rows);
}

std::string tasks_as_tsv(std::vector<store::EntrySummary> entries) {
  sort_by_use(entries);
  std::string text = "key\tstatus\tbytes\tlast-used\tmodel\ttask-id\tprompt\n";
  for (const auto& entry : entries) {
    const auto& record = entry.record;
    text += record.key + "\t" + status_word(entry) + "\t" + std::to_string(entry.clip_bytes) +
            "\t" + std::to_string(entry.last_used) + "\t" +
            api::printable(record.model, whole_bytes) + "\t" +
            api::printable(record.task_id, whole_bytes) + "\t" +
            api::printable(record.prompt, whole_bytes) + "\n";
  }
  return text;
}

}  // namespace modelverse::tool
