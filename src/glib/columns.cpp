// SPDX-License-Identifier: LGPL-2.1-or-later
// Measures characters as terminals do.
#include "glib/columns.h"

#include <glib.h>

#include <algorithm>

namespace modelverse {

namespace {

std::size_t columns_of(gunichar character) {
  if (g_unichar_iszerowidth(character))
    return 0;
  return g_unichar_iswide(character) ? 2 : 1;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  const std::string valid(text);
  for (const char* at = valid.c_str(); *at; at = g_utf8_next_char(at))
    columns += columns_of(g_utf8_get_char(at));
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
    const auto next = columns_of(g_utf8_get_char(at));
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

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  return widths;
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
