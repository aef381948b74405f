// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of models as text and as Markdown.
#include "api/models_text.h"

#include <algorithm>
#include <array>

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

// The default stands out of a range only where it does not begin it.
std::string duration_cell(const Profile& profile, Mark mark) {
  const auto& all = profile.durations;
  if (all.empty())
    return "any";
  const auto usual = std::find(all.begin(), all.end(), profile.default_duration);
  std::string cell;
  if (usual != all.begin())
    append(cell, list_durations({all.begin(), usual}));
  if (usual != all.end()) {
    append(cell, mark(std::to_string(*usual)));
    if (usual + 1 != all.end())
      append(cell, list_durations({usual + 1, all.end()}));
  }
  return cell;
}

const char* picture_word(const Profile& profile) {
  switch (profile.picture) {
    case PictureUse::none:
      return "none";
    case PictureUse::optional:
      return "optional";
    case PictureUse::required:
      return "one";
  }
  return "one";
}

using Line = std::array<std::string, 4>;

Line line_of(const Profile& profile, Mark mark) {
  return {profile.model, picture_word(profile), resolution_cell(profile, mark),
          duration_cell(profile, mark) + " s"};
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

std::string models_as_text(std::span<const Profile> rows) {
  std::array<std::size_t, 4> widths = {};
  for (const auto& row : rows) {
    const auto line = line_of(row, with_star);
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      widths[i] = std::max(widths[i], line[i].size() + 2);
  }
  std::string text;
  for (const auto& row : rows) {
    const auto line = line_of(row, with_star);
    for (std::size_t i = 0; i < line.size(); ++i)
      text += line[i] + std::string(widths[i] - std::min(widths[i], line[i].size()), ' ');
    text += "\n";
  }
  return text;
}

std::string models_as_markdown(std::span<const Profile> rows) {
  std::string text = "| `model` | picture | `resolution` | `duration` |\n|---|---|---|---|\n";
  for (const auto& row : rows) {
    const auto [model, picture, resolutions, durations] = line_of(row, in_bold);
    text += "| `" + model + "` | " + picture + " | " + resolutions + " | " + durations + " |\n";
  }
  return text;
}

}  // namespace modelverse::api
