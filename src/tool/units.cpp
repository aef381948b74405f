// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/units.h"

#include <glib.h>

#include <algorithm>
#include <array>

#include "glib/handles.h"

namespace modelverse::tool {

namespace {

struct Unit {
  std::string_view name;
  double worth;
};

constexpr std::array<Unit, 10> sizes = {{{"", 1},
                                         {"B", 1},
                                         {"K", 1024.0},
                                         {"M", 1024.0 * 1024},
                                         {"G", 1024.0 * 1024 * 1024},
                                         {"T", 1024.0 * 1024 * 1024 * 1024},
                                         {"KB", 1e3},
                                         {"MB", 1e6},
                                         {"GB", 1e9},
                                         {"TB", 1e12}}};

constexpr double minute = 60, hour = 60 * minute, day = 24 * hour, week = 7 * day;
constexpr std::array<Unit, 5> ages = {
    {{"s", 1}, {"m", minute}, {"h", hour}, {"d", day}, {"w", week}}};

// Accepts "12" or "1.5"; rejects "1e3", "0x10" and "-1", which the C library accepts.
std::optional<double> read_number(std::string_view text) {
  const bool is_plain = text.find_first_not_of("0123456789.") == std::string_view::npos &&
                        std::count(text.begin(), text.end(), '.') <= 1 && !text.empty() &&
                        text.front() != '.' && text.back() != '.';
  if (!is_plain)
    return {};
  return g_ascii_strtod(std::string(text).c_str(), nullptr);
}

template <std::size_t count>
std::optional<double> read_with_unit(std::string_view text, const std::array<Unit, count>& units) {
  const auto end = std::min(text.find_last_of("0123456789") + 1, text.size());
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& one) { return one.name == text.substr(end); });
  const auto number = read_number(text.substr(0, end));
  if (unit == units.end() || !number)
    return {};
  // Larger values are not exact, and not plausible as a size or age.
  constexpr auto most = static_cast<double>(std::int64_t{1} << 53);
  const double value = *number * unit->worth;
  return value <= most ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> read_size(std::string_view text) {
  const auto size = read_with_unit(text, sizes);
  return size ? std::optional(static_cast<std::uint64_t>(*size)) : std::nullopt;
}

std::optional<std::int64_t> read_age(std::string_view text) {
  if (text == "0")
    return 0;
  const auto age = read_with_unit(text, ages);
  return age ? std::optional(static_cast<std::int64_t>(*age)) : std::nullopt;
}

bool is_day_or_month(const std::string& text) {
  constexpr std::string_view pattern = "0000-00-00";
  if (text.size() != pattern.size() && text.size() != std::string_view("0000-00").size())
    return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (pattern[i] == '-' ? text[i] != '-' : !g_ascii_isdigit(text[i]))
      return false;
  const auto number = [&](std::size_t from, std::size_t length) {
    return static_cast<guint>(std::stoul(text.substr(from, length)));
  };
  const auto day = text.size() == pattern.size() ? number(8, 2) : 1;
  return g_date_valid_dmy(static_cast<GDateDay>(day), static_cast<GDateMonth>(number(5, 2)),
                          static_cast<GDateYear>(number(0, 4)));
}

std::string show_size(std::uint64_t bytes) {
  if (bytes == 0)
    return "-";
  const CharPtr text(g_strdup_printf("%.1f MB", static_cast<double>(bytes) / 1e6));
  return text.get();
}

std::string show_age(std::int64_t seconds) {
  const auto age = static_cast<double>(std::max<std::int64_t>(seconds, 0));
  const auto unit = std::find_if(ages.rbegin(), ages.rend(),
                                 [&](const Unit& one) { return age >= 2 * one.worth; });
  const auto& chosen = unit == ages.rend() ? ages.front() : *unit;
  return std::to_string(static_cast<std::int64_t>(age / chosen.worth)) + std::string(chosen.name);
}

}  // namespace modelverse::tool
