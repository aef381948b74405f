// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/row_reader.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "api/body_template.h"
#include "api/json.h"
#include "api/json_text.h"
#include "api/printable.h"

namespace modelverse::api {
namespace {

constexpr int longest = 3600;  // s; the duration property has the same bound
constexpr int largest_side = 16384;

}  // namespace

const RowReader::Known RowReader::members_of_rows[] = {
    {"model", &RowReader::take_text<nullptr>},
    {"like", &RowReader::take_text<nullptr>},
    {"modes", &RowReader::take_modes},
    {"picture", &RowReader::take_use<&Profile::picture>},
    {"external-id", &RowReader::take_text<&Profile::external_id>},
    {"headers", &RowReader::take_headers},
    {"price", &RowReader::take_price},
    {"withdrawn", &RowReader::take_withdrawn},
};

const RowReader::Known RowReader::known_members[] = {
    {"page", &RowReader::take_text<&Profile::page>},
    {"note", &RowReader::take_text<nullptr>},
    {"body", &RowReader::take_body},
    {"unkeyed", &RowReader::take_unkeyed},
    {"references", &RowReader::take_use<&Profile::references>},
    {"max-references", &RowReader::take_number<&Profile::max_references, 0>},
    {"picture-forms", &RowReader::take_picture_forms},
    {"needs-prompt", &RowReader::take_truth<&Profile::needs_prompt>},
    {"max-prompt", &RowReader::take_number<&Profile::max_prompt, 0>},
    {"max-negative-prompt", &RowReader::take_number<&Profile::max_negative_prompt, 0>},
    {"resolutions", &RowReader::take_resolutions},
    {"default-resolution", &RowReader::take_text<&Profile::default_resolution>},
    {"durations", &RowReader::take_durations},
    {"default-duration", &RowReader::take_number<&Profile::default_duration, 1>},
    {"aspect-ratios", &RowReader::take_aspect_ratios},
    {"default-aspect-ratio", &RowReader::take_text<&Profile::default_aspect_ratio>},
    {"aspect-ratio-follows", &RowReader::take_truth<&Profile::does_aspect_ratio_follow>},
    {"seeds", &RowReader::take_seeds},
    {"audio", &RowReader::take_audio},
    {"media-types", &RowReader::take_media_types},
    {"max-bytes", &RowReader::take_limit<&PictureRules::max_bytes>},
    {"max-body-bytes", &RowReader::take_number<&Profile::max_body_bytes, 0>},
    {"min-side", &RowReader::take_limit<&PictureRules::min_side>},
    {"max-aspect", &RowReader::take_limit<&PictureRules::max_aspect>},
    {"max-frames-ratio", &RowReader::take_limit<&PictureRules::max_frames_ratio>},
    {"usual-seconds", &RowReader::take_usual_seconds},
};

void RowReader::fail(const char* format, ...) {
  if (!fault_.empty())
    return;
  va_list values;
  va_start(values, format);
  fault_ = CharPtr(g_strdup_vprintf(format, values)).get();
  va_end(values);
}

void RowReader::read_members(Profile& profile, bool is_mode) {
  for (const auto& name : member_names(row_)) {
    name_ = printable(name, 100);
    const auto find = [&name](const auto& members) {
      const auto found = std::find_if(std::begin(members), std::end(members),
                                      [&name](const Known& one) { return name == one.name; });
      return found == std::end(members) ? nullptr : &*found;
    };
    const auto* known = find(known_members);
    if (!known && !is_mode)
      known = find(members_of_rows);
    if (!known && name != "pictures")
      fail(is_mode ? _("%s is not a member of a mode") : _("%s is not a member of a row"),
           here().c_str());
    else if (known)
      (this->*known->take)(profile, json_object_get_member(row_, name.c_str()));
  }
}

void RowReader::read(Profile& profile) {
  // The modes of the base belong to its body.
  if (has("body"))
    profile.modes.clear();
  read_members(profile, false);
  if (fault_.empty() && has("pictures"))
    fail(_("%s is not a member of a row"), here().c_str());
  settle(profile);
  if (fault_.empty())
    settle_modes(profile);
  if (fault_.empty())
    settle_price(profile);
}

void RowReader::read_mode(Profile& profile, const PictureRoles& pictures) {
  profile.modes.clear();
  profile.mode = pictures;
  read_members(profile, true);
  settle(profile);
}

void RowReader::settle(Profile& profile) {
  for (const auto check :
       {&RowReader::settle_picture, &RowReader::settle_last_picture, &RowReader::settle_references,
        &RowReader::settle_mode, &RowReader::settle_resolutions, &RowReader::settle_durations,
        &RowReader::settle_aspect_ratio, &RowReader::settle_usual_seconds})
    if (fault_.empty())
      (this->*check)(profile);
}

template <auto member>
void RowReader::take_text(Profile& profile, JsonNode* node) {
  auto text = string_of(node);
  if (!text || text->empty() || !is_printable(*text))
    return fail(_("%s must be a string"), here().c_str());
  if constexpr (!std::is_null_pointer_v<decltype(member)>)
    profile.*member = *std::move(text);
}

template <auto member>
void RowReader::take_truth(Profile& profile, JsonNode* node) {
  const auto truth = boolean_of(node);
  if (!truth)
    return fail(_("%s must be true or false"), here().c_str());
  profile.*member = *truth;
}

template <auto member, std::int64_t least>
void RowReader::take_number(Profile& profile, JsonNode* node) {
  const auto number = integer_of(node);
  if (!number || *number < least || *number > std::int64_t{1} << 30)
    return fail(_("%s must be a whole number from %s"), here().c_str(),
                std::to_string(least).c_str());
  profile.*member = static_cast<std::remove_cvref_t<decltype(profile.*member)>>(*number);
}

template <auto member>
void RowReader::take_limit(Profile& profile, JsonNode* node) {
  using T = std::remove_cvref_t<decltype(profile.limits.*member)>;
  const auto number =
      std::is_same_v<T, double> || integer_of(node) ? number_of(node) : std::optional<double>();
  if (!number || *number < 0 || *number > double{1 << 30})
    return fail(_("%s must be a number that is not negative"), here().c_str());
  profile.limits.*member = static_cast<T>(*number);
}

std::optional<Object> RowReader::read_sections(JsonNode* node) {
  auto value = value_of(node);
  auto* sections = std::get_if<Object>(&value.data);
  if (!sections) {
    fail(_("%s must be an object"), here().c_str());
    return {};
  }
  for (const auto& [section, members] : *sections)
    if ((section != "input" && section != "parameters") ||
        !std::holds_alternative<Object>(members.data)) {
      fail(_("%s must contain only the objects input and parameters"), here().c_str());
      return {};
    }
  return std::move(*sections);
}

void RowReader::take_body(Profile& profile, JsonNode* node) {
  auto sections = read_sections(node);
  if (!sections)
    return;
  if (const auto unknown = find_unknown_placeholder(*sections); !unknown.empty())
    return fail(_("%s has %s, which is not one of %s"), here().c_str(),
                printable(unknown, 100).c_str(), list_placeholders().c_str());
  for (const auto one : {picture_placeholder, last_picture_placeholder, reference_placeholder})
    if (count_placeholders(*sections, one) > 1)
      return fail(_("%s has more than one %s"), here().c_str(), std::string(one).c_str());
  profile.body = *std::move(sections);
}

void RowReader::take_unkeyed(Profile& profile, JsonNode* node) {
  if (auto sections = read_sections(node))
    profile.unkeyed = *std::move(sections);
}

std::vector<Member> RowReader::read_texts(JsonNode* node) {
  auto value = value_of(node);
  auto* members = std::get_if<Object>(&value.data);
  const auto is_text = [](const Member& member) {
    const auto* text = std::get_if<std::string>(&member.value.data);
    return text && !text->empty() && is_printable(*text) && is_printable(member.name);
  };
  if (members && std::all_of(members->begin(), members->end(), is_text))
    return std::move(*members);
  fail(_("%s must be an object whose members are strings"), here().c_str());
  return {};
}

void RowReader::take_withdrawn(Profile& profile, JsonNode* node) {
  profile.withdrawn.reset();
  if (JSON_NODE_HOLDS_NULL(node))
    return;
  Withdrawal withdrawal;
  for (auto& [name, value] : read_texts(node)) {
    auto& text = std::get<std::string>(value.data);
    if (name == "date" && is_date(text))
      withdrawal.date = std::move(text);
    else if (name == "successor")
      withdrawal.successor = std::move(text);
    else
      return fail(_("%s must have a date such as 2026-09-24, and may have a successor"),
                  here().c_str());
  }
  if (withdrawal.date.empty())
    return fail(_("%s must have a date such as 2026-09-24, and may have a successor"),
                here().c_str());
  profile.withdrawn = std::move(withdrawal);
}

void RowReader::take_headers(Profile& profile, JsonNode* node) {
  profile.headers = read_texts(node);
}

template <PictureUse Profile::*member>
void RowReader::take_use(Profile& profile, JsonNode* node) {
  const auto use = string_of(node).value_or("");
  if (use != "required" && use != "optional")
    return fail(_("%s must be \"required\" or \"optional\""), here().c_str());
  profile.*member = use == "required" ? PictureUse::required : PictureUse::optional;
}

void RowReader::take_picture_forms(Profile& profile, JsonNode* node) {
  profile.picture_forms = {false, false, false};
  each_item(node, [&](JsonNode* item) {
    const auto form = string_of(item).value_or("");
    if (form == "link")
      profile.picture_forms.link = true;
    else if (form == "data-uri")
      profile.picture_forms.data_uri = true;
    else if (form == "base64")
      profile.picture_forms.base64 = true;
    else
      fail(_("%s must be \"link\", \"data-uri\" or \"base64\""), here().c_str());
  });
}

void RowReader::take_media_types(Profile& profile, JsonNode* node) {
  profile.limits.media_types.clear();
  each_item(node, [&](JsonNode* item) {
    auto type = string_of(item).value_or("");
    if (!type.starts_with("image/") || !is_printable(type))
      return fail(_("%s must be a type such as \"image/jpeg\""), here().c_str());
    profile.limits.media_types.push_back(std::move(type));
  });
}

std::optional<FrameSize> RowReader::read_frame(JsonNode* node) {
  const auto text = string_of(node).value_or("");
  FrameSize frame;
  int length = 0;
  const int count = std::sscanf(text.c_str(), "%5dx%5d%n", &frame.width, &frame.height, &length);
  const bool is_size = count == 2 && static_cast<std::size_t>(length) == text.size() &&
                       frame.width > 0 && frame.height > 0 && frame.width <= largest_side &&
                       frame.height <= largest_side;
  if (is_size)
    return frame;
  fail(_("%s must be a size such as \"1280x720\""), here().c_str());
  return {};
}

Resolution RowReader::read_resolution(JsonNode* node) {
  Resolution resolution;
  resolution.name = string_of(node).value_or("");
  if (JSON_NODE_HOLDS_OBJECT(node)) {
    JsonObject* object = json_node_get_object(node);
    const auto place = name_;
    for (const auto& member : member_names(object)) {
      name_ = place + "." + printable(member, 100);
      JsonNode* value = json_object_get_member(object, member.c_str());
      if (member == "name")
        resolution.name = string_of(value).value_or("");
      else if (member == "frames")
        each_item(value, [&](JsonNode* item) {
          if (const auto frame = read_frame(item))
            resolution.frames.push_back(*frame);
        });
      else if (member == "durations")
        resolution.durations = read_durations(value);
      else if (member == "sizes")
        resolution.sizes = read_texts(value);
      else
        fail(_("%s is not a member of a resolution"), here().c_str());
    }
    name_ = place;
  }
  if (resolution.name.empty() || !is_printable(resolution.name))
    fail(_("%s must be a name, or an object with one"), here().c_str());
  return resolution;
}

void RowReader::take_resolutions(Profile& profile, JsonNode* node) {
  profile.resolutions.clear();
  each_item(node, [&](JsonNode* item) {
    auto resolution = read_resolution(item);
    if (find_resolution(profile, resolution.name))
      fail(_("%s is repeated"), here().c_str());
    profile.resolutions.push_back(std::move(resolution));
  });
}

std::vector<int> RowReader::read_durations(JsonNode* node) {
  std::set<int> durations;
  each_item(node, [&](JsonNode* item) {
    const auto text = string_of(item).value_or("");
    int first = static_cast<int>(std::clamp<std::int64_t>(integer_of(item).value_or(0), 0, 9999));
    int last = first;
    int length = 0;
    const int count = std::sscanf(text.c_str(), "%4d-%4d%n", &first, &last, &length);
    const bool is_range = count == 2 && static_cast<std::size_t>(length) == text.size();
    if ((!text.empty() && !is_range) || first < 1 || last < first || last > longest)
      return fail(_("%s must be a whole number of seconds, or a range such as \"4-12\""),
                  here().c_str());
    for (int duration = first; duration <= last; ++duration)
      durations.insert(duration);
  });
  return {durations.begin(), durations.end()};
}

void RowReader::take_durations(Profile& profile, JsonNode* node) {
  profile.durations = read_durations(node);
}

void RowReader::take_usual_seconds(Profile& profile, JsonNode* node) {
  profile.usual_times.clear();
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return take_number<&Profile::usual_generation_seconds, 1>(profile, node);
  JsonObject* object = json_node_get_object(node);
  const auto place = name_;
  for (const auto& resolution : member_names(object)) {
    name_ = place + "." + printable(resolution, 100);
    UsualTimes times{printable(resolution, 100), {}};
    each_item(json_object_get_member(object, resolution.c_str()), [&](JsonNode* item) {
      const auto seconds = integer_of(item).value_or(0);
      if (seconds < 1 || seconds > longest)
        return fail(_("%s must be a whole number of seconds"), here().c_str());
      times.seconds.push_back(static_cast<int>(seconds));
    });
    if (times.seconds.empty())
      fail(_("%s must not be empty"), here().c_str());
    profile.usual_times.push_back(std::move(times));
  }
  name_ = place;
}

void RowReader::take_aspect_ratios(Profile& profile, JsonNode* node) {
  profile.aspect_ratios.clear();
  each_item(node, [&](JsonNode* item) {
    auto ratio = string_of(item).value_or("");
    if (ratio.empty() || !is_printable(ratio))
      return fail(_("%s must be a string such as \"16:9\""), here().c_str());
    profile.aspect_ratios.push_back(std::move(ratio));
  });
}

void RowReader::take_seeds(Profile& profile, JsonNode* node) {
  std::vector<std::int64_t> bounds;
  each_item(node, [&](JsonNode* item) {
    if (const auto bound = integer_of(item))
      bounds.push_back(*bound);
  });
  if (bounds.size() != 2 || bounds[0] < 0 || bounds[1] < bounds[0])
    return fail(_("%s must be a list of the lowest and the highest seed, from 0"), here().c_str());
  profile.min_seed = bounds[0];
  profile.max_seed = bounds[1];
}

void RowReader::take_audio(Profile& profile, JsonNode* node) {
  const auto value = value_of(node);
  const auto* states = std::get_if<Object>(&value.data);
  if (!states)
    return fail(_("%s must be an object"), here().c_str());
  AudioSwitch audio{.on = {}, .off = {}};
  std::string usual;
  for (const auto& [name, state] : *states) {
    const auto* text = std::get_if<std::string>(&state.data);
    if (name == "on")
      audio.on = state;
    else if (name == "off")
      audio.off = state;
    else if (name == "default" && text)
      usual = *text;
    else
      return fail(_("%s must have only the members on, off and default"), here().c_str());
  }
  if (!usual.empty()) {
    audio.usual = usual == "on" ? audio.on : usual == "off" ? audio.off : std::nullopt;
    audio.is_usually_on = usual == "on";
    if (!audio.usual)
      return fail(_("%s has a default that is not one of its states"), here().c_str());
  }
  profile.audio = std::move(audio);
}

std::optional<Mode> RowReader::read_pictures_of_mode(JsonNode* node) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return fail(_("%s must be an object"), here().c_str()), std::nullopt;
  JsonObject* object = json_node_get_object(node);
  JsonNode* roles = find_member(object, "pictures");
  if (!roles)
    return fail(_("%s has no member pictures"), here().c_str()), std::nullopt;
  Mode mode{.pictures = {}, .changes = write_json(std::get<Object>(value_of(node).data))};
  each_item(roles, [&](JsonNode* item) {
    const auto role = string_of(item).value_or("");
    if (role == "first")
      mode.pictures.first = true;
    else if (role == "last")
      mode.pictures.last = true;
    else if (role == "references")
      mode.pictures.references = true;
    else
      fail(_("%s must be \"first\", \"last\" or \"references\""), here().c_str());
  });
  return mode;
}

void RowReader::take_modes(Profile& profile, JsonNode* node) {
  profile.modes.clear();
  each_item(node, [&](JsonNode* item) {
    auto mode = read_pictures_of_mode(item);
    if (!mode)
      return;
    if (std::any_of(profile.modes.begin(), profile.modes.end(),
                    [&](const Mode& one) { return one.pictures == mode->pictures; }))
      return fail(_("%s has the pictures of an earlier mode"), here().c_str());
    profile.modes.push_back(*std::move(mode));
  });
}

// A mode starts from its row, so a change of the row changes its modes.
void RowReader::settle_modes(Profile& profile) {
  if (profile.modes.empty())
    return;
  if (find_string(row_, "picture") == "required")
    std::erase_if(profile.modes, [](const Mode& mode) { return !mode.pictures.first; });
  for (std::size_t i = 0; i < profile.modes.size(); ++i) {
    auto& mode = profile.modes[i];
    const auto changes = read_json(mode.changes, {.max_bytes = 1 << 20, .max_depth = 24});
    Profile own = profile;
    RowReader reader(changes.root, where_ + ".modes[" + std::to_string(i) + "]");
    reader.read_mode(own, mode.pictures);
    if (fault_.empty())
      fault_ = reader.fault();
    mode.profile = std::make_shared<const Profile>(std::move(own));
  }
  const auto use_of = [&](bool PictureRoles::*role) {
    const auto has_role = [role](const Mode& mode) { return mode.pictures.*role; };
    return std::ranges::all_of(profile.modes, has_role)   ? PictureUse::required
           : std::ranges::any_of(profile.modes, has_role) ? PictureUse::optional
                                                          : PictureUse::none;
  };
  profile.picture = use_of(&PictureRoles::first);
  profile.last_picture = use_of(&PictureRoles::last);
  profile.references = use_of(&PictureRoles::references);
}

void RowReader::settle_mode(Profile& profile) {
  if (!profile.mode)
    return;
  const auto use_of = [](bool is_in) { return is_in ? PictureUse::required : PictureUse::none; };
  profile.picture = use_of(profile.mode->first);
  profile.last_picture = use_of(profile.mode->last);
  profile.references = use_of(profile.mode->references);
  name_ = "pictures";
  for (const auto& [is_in, placeholder] :
       {std::pair(profile.mode->first, picture_placeholder),
        std::pair(profile.mode->last, last_picture_placeholder),
        std::pair(profile.mode->references, reference_placeholder)})
    if (is_in && count_placeholders(profile.body, placeholder) == 0)
      return fail(_("%s has a picture, but the body has no %s"), here().c_str(),
                  std::string(placeholder).c_str());
}

void RowReader::settle_references(Profile& profile) {
  const bool has_place = count_placeholders(profile.body, reference_placeholder) > 0;
  name_ = "references";
  if (has("references") && !has_place)
    return fail(_("%s is set, but the body has no {reference}"), here().c_str());
  if (!has_place)
    profile.references = PictureUse::none;
  else if (profile.references == PictureUse::none)
    profile.references = PictureUse::optional;
  name_ = "max-references";
  if (has_place && profile.max_references != 1 && !are_references_in_lists(profile.body))
    fail(_("%s must be 1: {reference} is not in a list"), here().c_str());
}

void RowReader::settle_last_picture(Profile& profile) {
  const bool has_place = count_placeholders(profile.body, last_picture_placeholder) > 0;
  profile.last_picture = has_place ? PictureUse::optional : PictureUse::none;
}

void RowReader::settle_aspect_ratio(Profile& profile) {
  name_ = "default-aspect-ratio";
  const auto& usual = profile.default_aspect_ratio;
  if (!usual.empty() && !profile.aspect_ratios.empty() && !holds(profile.aspect_ratios, usual))
    fail(_("%s is not one of the aspect ratios"), here().c_str());
}

void RowReader::settle_picture(Profile& profile) {
  name_ = "body";
  if (profile.body.empty())
    return fail(_("%s is missing, and the row has no base"), here().c_str());
  const bool has_place = count_placeholders(profile.body, picture_placeholder) > 0;
  const auto is_alone = [&](std::string_view type, std::string_view picture) {
    return count_placeholders(profile.body, type) > 0 &&
           count_placeholders(profile.body, picture) == 0;
  };
  for (const auto& [type, picture] :
       {std::pair(media_type_placeholder, picture_placeholder),
        std::pair(last_media_type_placeholder, last_picture_placeholder),
        std::pair(reference_media_type_placeholder, reference_placeholder)})
    if (is_alone(type, picture))
      return fail(_("%s has %s without %s"), here().c_str(), std::string(type).c_str(),
                  std::string(picture).c_str());
  if (!has_place)
    profile.picture = PictureUse::none;
  else if (profile.picture == PictureUse::none)
    profile.picture = PictureUse::required;
  name_ = "picture";
  if (has("picture") && !has_place && profile.modes.empty())
    fail(_("%s is set, but the body has no {picture}"), here().c_str());
  name_ = "needs-prompt";
  if (profile.needs_prompt && count_placeholders(profile.body, prompt_placeholder) == 0)
    fail(_("%s is true, but the body has no {prompt}"), here().c_str());
}

void RowReader::settle_resolutions(Profile& profile) {
  name_ = has("default-resolution") ? "default-resolution" : "resolutions";
  const auto* chosen = find_resolution(profile, profile.default_resolution);
  if (profile.resolutions.empty())
    return;
  if (!chosen && has("default-resolution"))
    return fail(_("%s is not one of the resolutions"), here().c_str());
  profile.default_resolution = chosen ? chosen->name : profile.resolutions.front().name;
}

void RowReader::settle_usual_seconds(Profile& profile) {
  name_ = "usual-seconds";
  for (const auto& times : profile.usual_times)
    if (has("usual-seconds") && !find_resolution(profile, times.resolution))
      fail(_("%s has a resolution that the model does not have: %s"), here().c_str(),
           times.resolution.c_str());
}

void RowReader::settle_durations(Profile& profile) {
  name_ = "resolutions";
  for (const auto& resolution : profile.resolutions)
    for (const int duration : resolution.durations)
      if (!profile.durations.empty() && !holds(profile.durations, duration))
        fail(_("%s has a duration that the model does not have: %s"), here().c_str(),
             std::to_string(duration).c_str());
  name_ = "default-duration";
  if (profile.durations.empty() || holds(profile.durations, profile.default_duration))
    return;
  if (has("default-duration"))
    return fail(_("%s is not one of the durations"), here().c_str());
  profile.default_duration = profile.durations.front();
}

}  // namespace modelverse::api
