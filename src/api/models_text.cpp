// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/models_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "api/body_template.h"
#include "api/printable.h"

namespace modelverse::api {
namespace {

using Mark = std::string (*)(const std::string& text);

std::string with_star(const std::string& text) {
  return text + "*";
}

std::string in_bold(const std::string& text) {
  return "**" + text + "**";
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

std::string resolution_cell(const Profile& profile, Mark mark) {
  std::string cell;
  for (const auto& one : profile.resolutions) {
    auto text = one.name == profile.default_resolution ? mark(one.name) : one.name;
    if (!one.durations.empty())
      text += " (" + list_durations(one.durations) + " s)";
    append(cell, text);
  }
  return cell.empty() ? "any" : cell;
}

std::string duration_cell(const Profile& profile, Mark mark) {
  if (profile.durations.empty())
    return "any";
  const auto list = list_durations(profile.durations);
  const auto usual = mark(std::to_string(profile.default_duration));
  if (list.find('-') != std::string::npos)
    return list + " s, " + usual;
  std::string cell;
  for (const int duration : profile.durations)
    append(cell, duration == profile.default_duration ? usual : std::to_string(duration));
  return cell + " s";
}

// The profiles of the modes, or that of a row without modes.
std::vector<const Profile*> profiles_of(const Profile& row) {
  std::vector<const Profile*> profiles;
  for (const auto& mode : row.modes)
    profiles.push_back(mode.profile.get());
  return profiles.empty() ? std::vector{&row} : profiles;
}

bool has_placeholder(const Profile& row, std::string_view placeholder) {
  return std::ranges::any_of(profiles_of(row), [placeholder](const Profile* profile) {
    return count_placeholders(profile->body, placeholder) > 0;
  });
}

const char* picture_word(const Profile& profile) {
  switch (profile.picture) {
    case PictureUse::none:
      return profile.references == PictureUse::required   ? "references"
             : profile.references == PictureUse::optional ? "text or references"
                                                          : "text only";
    case PictureUse::optional:
      return "picture or text";
    case PictureUse::required:
      return "picture";
  }
  return "picture";
}

constexpr const char* nothing = "-";

std::string references_cell(const Profile& row) {
  if (row.references == PictureUse::none)
    return nothing;
  int most = 0;
  for (const auto* profile : profiles_of(row))
    most = std::max(most, profile->max_references);
  return most > 0 ? "references: " + std::to_string(most) : "references";
}

std::string audio_cell(const Profile& row) {
  if (!has_placeholder(row, audio_placeholder))
    return nothing;
  for (const auto* profile : profiles_of(row))
    if (count_placeholders(profile->body, audio_placeholder) > 0 && !profile->audio.off)
      return "sound: on";
  return "sound: on, off";
}

std::string price_cell(const Profile& row) {
  const auto text = price_text(row);
  return row.withdrawn ? "withdrawn " + row.withdrawn->date + "; " + text : text;
}

// The price is the last one.
using Line = std::array<std::string, 10>;
constexpr std::size_t price = std::tuple_size_v<Line> - 1;
const Line heading = {"MODEL", "MADE OF",         "LAST FRAME", "REFERENCES", "SOUND",
                      "SEED",  "NEGATIVE PROMPT", "RESOLUTION", "DURATION",   "PRICE"};

Line line_of(const Profile& profile, Mark mark) {
  return {profile.model,
          picture_word(profile),
          profile.last_picture == PictureUse::none ? nothing : "last frame",
          references_cell(profile),
          audio_cell(profile),
          has_placeholder(profile, seed_placeholder) ? "seed" : nothing,
          has_placeholder(profile, negative_prompt_placeholder) ? "negative prompt" : nothing,
          resolution_cell(profile, mark),
          duration_cell(profile, mark),
          price_cell(profile)};
}

using Widths = std::array<std::size_t, std::tuple_size_v<Line>>;

Widths widths_of(const std::vector<Line>& lines) {
  Widths widths = {};
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], line[i].size() + 2);
  return widths;
}

// Leaves out what does not fit beside the first part of the price: its width is 0 then. The model
// and what it is made of always stay.
void fit(Widths& widths, std::size_t columns) {
  constexpr std::size_t resolution = 7, duration = 8, least_price = 24;
  constexpr std::size_t by_importance[] = {duration, 2, resolution, 4, 3, 5, 6};
  std::size_t used = widths[0] + widths[1] + std::min(widths[price], least_price);
  for (const auto i : by_importance) {
    if (used + widths[i] > columns)
      widths[i] = 0;
    used += widths[i];
  }
}

std::string text_of(const Line& line, const Widths& widths, std::size_t columns) {
  std::string text;
  for (std::size_t i = 0; i < price; ++i)
    if (widths[i] > 0)
      text += line[i] + std::string(widths[i] - line[i].size(), ' ');
  return printable(text + line[price], columns);
}

}  // namespace

std::string list_resolutions(const Profile& profile) {
  std::string list;
  for (const auto& one : profile.resolutions)
    append(list, one.name);
  return list;
}

std::string list_durations(const std::vector<int>& durations) {
  constexpr std::ptrdiff_t shortest_range = 3;
  std::string list;
  for (auto first = durations.begin(); first != durations.end();) {
    auto last = first;
    while (last + 1 != durations.end() && *(last + 1) == *last + 1)
      ++last;
    if (last - first + 1 < shortest_range)
      last = first;
    append(list, std::to_string(*first) + (last == first ? "" : "-" + std::to_string(*last)));
    first = last + 1;
  }
  return list;
}

std::string models_as_text(std::span<const Profile> rows, std::size_t columns) {
  constexpr std::size_t least_columns = 60;
  columns = std::max(columns, least_columns);
  std::vector<Line> lines = {heading};
  for (const auto& row : rows)
    lines.push_back(line_of(row, with_star));
  auto widths = widths_of(lines);
  fit(widths, columns);
  std::string text;
  for (const auto& line : lines)
    text += text_of(line, widths, columns) + "\n";
  return text;
}

std::string models_as_markdown(std::span<const Profile> rows) {
  std::string text =
      "| `model` | made of | last frame | references | sound | seed | negative prompt | "
      "`resolution` | `duration` | price |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const auto& row : rows) {
    auto line = line_of(row, in_bold);
    line.front() = "`" + line.front() + "`";
    for (const auto& cell : line)
      text += "| " + cell + " ";
    text += "|\n";
  }
  return text;
}

}  // namespace modelverse::api
