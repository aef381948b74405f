// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/check_fields.h"

#include <algorithm>
#include <array>

#include "api/body_template.h"
#include "api/printable.h"
#include "api/submit_body.h"
#include "glib/sentences.h"

namespace modelverse::api {
namespace {

struct Field {
  std::string_view property;
  std::array<std::string_view, 2> placeholders;  // one of them is enough; the second may be empty
  const RoleFields* role = nullptr;              // of a picture
  bool (*is_set_in)(const Request& request) = nullptr;  // of another field

  bool is_set(const PictureRoles& given, const Request& request) const {
    return role ? given.*role->given : is_set_in(request);
  }
};

constexpr Field picture_field(std::string_view property, PictureRole role) {
  const auto* fields = &role_fields[static_cast<std::size_t>(role)];
  return {.property = property, .placeholders = {fields->placeholder}, .role = fields};
}

constexpr Field fields[] = {
    picture_field("image", PictureRole::first),
    picture_field("last-image", PictureRole::last),
    picture_field("reference-images", PictureRole::reference),
    {.property = "prompt",
     .placeholders = {prompt_placeholder},
     .is_set_in = [](const Request& request) { return !request.prompt.empty(); }},
    {.property = "negative-prompt",
     .placeholders = {negative_prompt_placeholder},
     .is_set_in = [](const Request& request) { return !request.negative_prompt.empty(); }},
    {.property = "resolution",
     .placeholders = {resolution_placeholder},
     .is_set_in = [](const Request& request) { return !request.resolution.empty(); }},
    {.property = "aspect-ratio",
     .placeholders = {aspect_ratio_placeholder, size_placeholder},
     .is_set_in = [](const Request& request) { return !request.aspect_ratio.empty(); }},
    {.property = "duration",
     .placeholders = {duration_placeholder},
     .is_set_in = [](const Request& request) { return request.duration != 0; }},
    {.property = "seed",
     .placeholders = {seed_placeholder},
     .is_set_in = [](const Request& request) { return request.seed != no_seed; }},
    {.property = "audio",
     .placeholders = {audio_placeholder},
     .is_set_in = [](const Request& request) { return request.audio != Audio::automatic; }},
};

void append_item(std::string& list, std::string_view item, const char* separator = _(", ")) {
  list += (list.empty() ? "" : separator) + std::string(item);
}

void append_mode(std::string& list, const PictureRoles& pictures) {
  append_item(list, describe(pictures), C_("between the items of a list", "; "));
}

// A mode without pictures of a role has a body that may hold the role's placeholder.
bool has_field(const Profile& profile, const Field& field) {
  const bool takes_role = !field.role || profile.*field.role->use != PictureUse::none;
  return takes_role && std::ranges::any_of(field.placeholders, [&](std::string_view placeholder) {
           return !placeholder.empty() && count_placeholders(profile.body, placeholder) > 0;
         });
}

bool has_field_in_a_mode(const Profile& row, const Field& field) {
  return row.modes.empty() ? has_field(row, field)
                           : std::ranges::any_of(row.modes, [&](const Mode& mode) {
                               return has_field(*mode.profile, field);
                             });
}

// Not `refused`, which may have the field in another mode.
std::string other_models_with(const Models& models, const Field& field,
                              const std::string& refused) {
  std::string list;
  for (const auto& row : models.rows())
    if (row.model != refused && has_field_in_a_mode(row, field))
      append_item(list, row.model);
  return list;
}

// For a mode without the field: the model's modes that have it.
std::string modes_with(const Models& models, const Field& field, const std::string& model) {
  std::string list;
  for (const auto& mode : models.find(model).modes)
    if (has_field(*mode.profile, field))
      append_mode(list, mode.pictures);
  return list;
}

// For a mode with what was set together with the field.
std::string no_field(const Profile& profile, const std::string& name, const std::string& model) {
  const auto own = list_fields(profile);
  if (!profile.mode)
    return format_text(_("The model %s has no %s. It has %s."), model.c_str(), name.c_str(),
                       own.c_str());
  // TRANSLATORS: "The model x with a first frame has no duration. It has image, prompt."
  return format_text(_("The model %s with %s has no %s. It has %s."), model.c_str(),
                     describe(*profile.mode).c_str(), name.c_str(), own.c_str());
}

// A picture is set by one of several.
std::string properties_of(const std::string& name) {
  return name.ends_with("image") ? name + "-path, " + name + "-uri, " + name + "-sample" : name;
}

Error missing_field(const Models& models, const Profile& profile, const Field& field,
                    const Request& request) {
  const std::string name(field.property);
  auto text = no_field(profile, name, printable(request.model));
  if (const auto modes = modes_with(models, field, request.model); !modes.empty())
    // TRANSLATORS: "It has duration with: a first frame; reference pictures."
    text = two_sentences(text, format_text(_("It has %s with: %s."), name.c_str(), modes.c_str()));
  const auto others = other_models_with(models, field, request.model);
  const auto advice =
      others.empty() ? std::string(_("No other model has it."))
                     : format_text(_("Models with %s: %s. Leave %s unset, or choose one of these."),
                                   name.c_str(), others.c_str(), properties_of(name).c_str());
  return settings_error(two_sentences(text, advice), name + " is set", name);
}

Error wrong_pictures(const Models& models, const Profile& row, const PictureRoles& given,
                     const Request& request) {
  for (const auto& field : fields)
    if (field.role && field.is_set(given, request) && !has_field_in_a_mode(row, field))
      return missing_field(models, row, field, request);
  std::string ways;
  for (const auto& mode : row.modes)
    append_mode(ways, mode.pictures);
  return settings_error(
      // TRANSLATORS: "The model x makes no clip from a last frame. It takes: a first frame; ..."
      format_text(_("The model %s makes no clip from %s. It takes: %s."),
                  printable(request.model).c_str(), describe(given).c_str(), ways.c_str()),
      "the model has no such mode");
}

// Without modes, a last frame still needs a first one.
Status check_last_picture(const Profile& row, const PictureRoles& given, const Request& request) {
  const bool has_first = given.first || is_replaced(row, request, picture_placeholder);
  if (!row.modes.empty() || !given.last || has_first || row.picture == PictureUse::none)
    return Done{};
  return settings_error(format_text(_("The model %s takes a last frame only with a first one."),
                                    printable(request.model).c_str()),
                        "a last frame without a first one", "last-image");
}

}  // namespace

std::string describe(const PictureRoles& pictures) {
  if (pictures.references)
    return pictures.first && pictures.last ? _("a first and a last frame and reference pictures")
           : pictures.first                ? _("a first frame and reference pictures")
           : pictures.last                 ? _("a last frame and reference pictures")
                                           : _("reference pictures");
  return pictures.first && pictures.last ? _("a first and a last frame")
         : pictures.first                ? _("a first frame")
         : pictures.last                 ? _("a last frame")
                                         : _("no picture");
}

std::string list_fields(const Profile& profile) {
  std::string list;
  for (const auto& field : fields)
    if (has_field(profile, field))
      append_item(list, field.property);
  return list.empty() ? _("no properties") : list;
}

Result<const Profile*> profile_for(const Models& models, const PictureRoles& given,
                                   const Request& request) {
  const auto& row = models.find(request.model);
  if (!row.is_known)
    return &row;
  const auto* profile = find_mode(row, given, request);
  if (!profile)
    return wrong_pictures(models, row, given, request);
  for (const auto& field : fields)
    if (field.is_set(given, request) && !has_field(*profile, field))
      return missing_field(models, *profile, field, request);
  if (auto checked = check_last_picture(*profile, given, request); !checked)
    return checked.error();
  return profile;
}

}  // namespace modelverse::api
