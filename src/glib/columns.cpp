// SPDX-License-Identifier: LGPL-2.1-or-later
// Measures characters as terminals do.
#include "glib/columns.h"

#include <glib.h>

#include <algorithm>
#include <functional>
#include <set>

namespace modelverse {

namespace {

std::size_t width_of(gunichar character) {
  if (g_unichar_iszerowidth(character))
    return 0;
  return g_unichar_iswide(character) ? 2 : 1;
}

constexpr std::size_t column_gap = 2;

// The widest cell of each column.
std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  return widths;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  const std::string valid(text);
  for (const char* at = valid.c_str(); *at; at = g_utf8_next_char(at))
    columns += width_of(g_utf8_get_char(at));
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns)
    return std::string(text);
  if (columns == 0)
    return {};
  const std::string valid(text);
  std::size_t used = 1;  // the mark
  const char* at = valid.c_str();
  for (; *at; at = g_utf8_next_char(at)) {
    const auto next = width_of(g_utf8_get_char(at));
    if (used + next > columns)
      break;
    used += next;
  }
  return valid.substr(0, static_cast<std::size_t>(at - valid.c_str())) + "…";
}

std::string fill_to(std::string_view text, std::size_t columns) {
  auto cut = cut_to(text, columns);
  return cut + std::string(columns - columns_of(cut), ' ');
}

void leave_out(std::vector<Row>& rows, std::size_t columns,
               std::span<const std::size_t> by_importance, std::size_t least_last) {
  const auto widths = widths_of(rows);
  std::set<std::size_t, std::greater<>> candidates(by_importance.begin(), by_importance.end());
  auto used = std::min(widths.back(), least_last);
  for (std::size_t i = 0; i + 1 < widths.size(); ++i)
    used += candidates.contains(i) ? 0 : widths[i] + column_gap;
  for (const auto i : by_importance) {
    if (used + widths[i] + column_gap > columns)
      continue;
    used += widths[i] + column_gap;
    candidates.erase(i);
  }
  for (auto& row : rows)
    for (const auto i : candidates)
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
}

std::string as_table(const std::vector<Row>& rows, std::size_t columns) {
  const auto widths = widths_of(rows);
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      line += fill_to(row[i], widths[i] + column_gap);
    text += cut_to(line + row.back(), columns) + "\n";
  }
  return text;
}

}  // namespace modelverse
