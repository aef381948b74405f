// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/printable.h"

#include <glib.h>

#include "core/redact.h"

namespace modelverse::api {
namespace {

constexpr std::string_view ellipsis = "\xe2\x80\xa6";

bool is_printable_character(gunichar c) {
  constexpr gunichar line_separator = 0x2028;
  constexpr gunichar paragraph_separator = 0x2029;
  return g_unichar_isprint(c) && c != line_separator && c != paragraph_separator;
}

// The first character and its number of bytes. Invalid UTF-8 is returned as control characters of
// one byte each.
struct Step {
  gunichar character;
  std::size_t bytes;
};

Step first_of(std::string_view text) {
  const gunichar c = g_utf8_get_char_validated(text.data(), static_cast<gssize>(text.size()));
  if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2) || c == 0)
    return {0, 1};
  return {c, static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr))};
}

}  // namespace

std::string printable(std::string_view foreign, std::size_t max_bytes) {
  const auto text = without_links(foreign);
  std::string out;
  std::size_t last_fit = 0;  // the last cut that leaves room for the ellipsis
  for (std::size_t pos = 0; pos < text.size();) {
    const auto [c, bytes] = first_of(std::string_view(text).substr(pos));
    if (is_printable_character(c))
      out.append(text, pos, bytes);
    else
      out += ' ';
    pos += bytes;
    if (out.size() > max_bytes)
      return out.substr(0, last_fit).append(max_bytes < ellipsis.size() ? "" : ellipsis);
    if (out.size() + ellipsis.size() <= max_bytes)
      last_fit = out.size();
  }
  return out;
}

bool is_printable(std::string_view text) {
  for (std::size_t pos = 0; pos < text.size();) {
    const auto [c, bytes] = first_of(text.substr(pos));
    if (!is_printable_character(c))
      return false;
    pos += bytes;
  }
  return true;
}

}  // namespace modelverse::api
