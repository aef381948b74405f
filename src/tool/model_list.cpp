// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/model_list.h"

#include <algorithm>

#include "api/body_template.h"
#include "api/printable.h"
#include "glib/columns.h"
#include "glib/text.h"

namespace modelverse::tool {
namespace {

using api::PictureUse;
using api::Profile;

// Markdown is for documents in English.
struct Style {
  bool is_markdown;

  std::string usual(const std::string& text) const {
    return is_markdown ? "**" + text + "**" : text + "*";
  }
  [[gnu::format_arg(2)]] const char* operator()(const char* text) const {
    return is_markdown ? text : _(text);
  }
};

void append(std::string& text, const std::string& part, const char* separator = ", ") {
  text += (text.empty() ? "" : separator) + part;
}

std::string conditions(const api::PriceCase& one, const Style& style) {
  std::string text;
  for (const auto& name : one.resolutions)
    append(text, name, "/");
  // A list of amounts has its own range.
  if (!one.durations.empty() && one.micros_a_clip.size() <= 1)
    append(text, api::list_durations(one.durations) + " s", " ");
  if (one.audio)
    append(text, style(*one.audio ? N_("with sound") : N_("silent")), " ");
  if (one.references.value_or(false))
    append(text, style(N_("with references")), " ");
  return text;
}

std::string amounts(const api::PriceCase& one) {
  std::string text;
  if (!one.micros_a_clip.empty()) {
    text = amount_text(one.micros_a_clip.front());
    if (one.micros_a_clip.size() > 1)
      text += "-" + amount_text(one.micros_a_clip.back());
  }
  if (one.micros_per_second > 0)
    append(text, amount_text(one.micros_per_second) + "/s", " + ");
  return text;
}

std::string price_text(const Profile& profile, const Style& style) {
  if (!profile.price)
    return style.is_markdown ? "unknown" : C_("cost", "unknown");
  std::string text;
  for (const auto& one : profile.price->cases) {
    auto part = conditions(one, style);
    append(part, amounts(one), " ");
    append(text, part, ", ");
  }
  return text + " " + profile.price->currency + ", " + profile.price->date;
}

std::string resolution_cell(const Profile& profile, const Style& style) {
  std::string cell;
  for (const auto& one : profile.resolutions) {
    auto text = one.name == profile.default_resolution ? style.usual(one.name) : one.name;
    if (!one.durations.empty())
      text += " (" + api::list_durations(one.durations) + " s)";
    append(cell, text);
  }
  return cell.empty() ? style(N_("any")) : cell;
}

std::string duration_cell(const Profile& profile, const Style& style) {
  if (profile.durations.empty())
    return style(N_("any"));
  const auto list = api::list_durations(profile.durations);
  const auto usual = style.usual(std::to_string(profile.default_duration));
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
    return api::count_placeholders(profile->body, placeholder) > 0;
  });
}

const char* picture_word(const Profile& profile) {
  switch (profile.picture) {
    case PictureUse::none:
      return profile.references == PictureUse::required   ? N_("references")
             : profile.references == PictureUse::optional ? N_("text or references")
                                                          : N_("text only");
    case PictureUse::optional:
      return N_("picture or text");
    case PictureUse::required:
      return N_("picture");
  }
  return N_("picture");
}

constexpr const char* nothing = "-";

std::string references_cell(const Profile& row, const Style& style) {
  if (row.references == PictureUse::none)
    return nothing;
  int most = 0;
  for (const auto* profile : profiles_of(row))
    most = std::max(most, profile->max_references);
  return most > 0 ? format_text(style(N_("references: %d")), most) : style(N_("references"));
}

std::string audio_cell(const Profile& row, const Style& style) {
  if (!has_placeholder(row, api::audio_placeholder))
    return nothing;
  for (const auto* profile : profiles_of(row))
    if (api::count_placeholders(profile->body, api::audio_placeholder) > 0 && !profile->audio.off)
      return style(N_("sound: on"));
  return style(N_("sound: on, off"));
}

std::string price_cell(const Profile& row, const Style& style) {
  const auto text = price_text(row, style);
  return row.withdrawn
             ? format_text(style(N_("withdrawn %s; %s")), row.withdrawn->date.c_str(), text.c_str())
             : text;
}

Row row_of(const Profile& profile, const Style& style) {
  return {profile.model,
          style(picture_word(profile)),
          profile.last_picture == PictureUse::none ? nothing : style(N_("last frame")),
          references_cell(profile, style),
          audio_cell(profile, style),
          has_placeholder(profile, api::seed_placeholder) ? style(N_("seed")) : nothing,
          has_placeholder(profile, api::negative_prompt_placeholder) ? style(N_("negative prompt"))
                                                                     : nothing,
          resolution_cell(profile, style),
          duration_cell(profile, style),
          price_cell(profile, style)};
}

}  // namespace

std::string models_as_text(std::span<const Profile> profiles, std::size_t columns) {
  constexpr std::size_t least_columns = 60;
  columns = std::max(columns, least_columns);
  std::vector<Row> rows = {{_("MODEL"), _("MADE OF"), _("LAST FRAME"), _("REFERENCES"), _("SOUND"),
                            _("SEED"), _("NEGATIVE PROMPT"), _("RESOLUTION"), _("DURATION"),
                            _("PRICE")}};
  for (const auto& profile : profiles)
    rows.push_back(row_of(profile, {.is_markdown = false}));
  for (auto& row : rows)
    for (auto& cell : row)
      cell = api::printable(cell, any_width);
  // The model and what it is made of always stay.
  constexpr std::size_t last_frame = 2, sound = 4, resolution = 7, duration = 8, least_price = 24;
  constexpr std::size_t by_importance[] = {duration, last_frame, resolution, sound, 3, 5, 6};
  leave_out(rows, columns, by_importance, least_price);
  return as_table(rows, columns);
}

std::string models_as_markdown(std::span<const Profile> profiles) {
  std::string text =
      "| `model` | made of | last frame | references | sound | seed | negative prompt | "
      "`resolution` | `duration` | price |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const auto& profile : profiles) {
    auto row = row_of(profile, {.is_markdown = true});
    row.front() = "`" + row.front() + "`";
    for (const auto& cell : row)
      text += "| " + cell + " ";
    text += "|\n";
  }
  return text;
}

}  // namespace modelverse::tool
