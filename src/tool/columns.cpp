// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/columns.h"

#include <glib.h>

#include <algorithm>

namespace modelverse::tool {

namespace {

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(g_utf8_strlen(text.c_str(), -1));
}

}  // namespace

std::string in_columns(const std::vector<std::vector<std::string>>& rows) {
  const std::size_t last = rows.empty() ? 0 : rows.front().size() - 1;
  std::vector<std::size_t> widths(last);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < last; ++i)
      widths[i] = std::max(widths[i], letters(row[i]) + 2);
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < last; ++i)
      text += row[i] + std::string(widths[i] - letters(row[i]), ' ');
    text += row[last] + "\n";
  }
  return text;
}

}  // namespace modelverse::tool
