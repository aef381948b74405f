// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/row_reader.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <set>
#include <utility>

#include "api/body_template.h"
#include "api/json.h"

namespace modelverse::api {
namespace {

constexpr int longest = 3600;  // s; the duration property has the same bound
constexpr int largest_side = 16384;
constexpr std::int64_t largest_number = std::int64_t{1} << 30;

// The field of a profile, or of a struct in it.
template <auto... members>
auto& field_of(Profile& profile) {
  return (profile.*....*members);
}

// A text is read and not used if no member is named.
template <auto... member>
void take_text(RowReader& reader, Profile& profile, const Value& value) {
  const auto* text = text_in(value);
  if (!text)
    return reader.fail(_("%s must be a string"), reader.here());
  ((profile.*member = *text), ...);
}

template <auto member>
void take_truth(RowReader& reader, Profile& profile, const Value& value) {
  const auto truth = boolean_of(value);
  if (!truth)
    return reader.fail(_("%s must be true or false"), reader.here());
  profile.*member = *truth;
}

template <std::int64_t least, auto... members>
void take_whole(RowReader& reader, Profile& profile, const Value& value) {
  const auto number = integer_of(value);
  if (!number || *number < least || *number > largest_number)
    return reader.fail(_("%s must be a whole number from %s"), reader.here(),
                       std::to_string(least).c_str());
  auto& field = field_of<members...>(profile);
  field = static_cast<std::remove_reference_t<decltype(field)>>(*number);
}

template <double PictureRules::*member>
void take_ratio(RowReader& reader, Profile& profile, const Value& value) {
  const auto number = number_of(value);
  if (!number || *number < 0 || *number > double{largest_number})
    return reader.fail(_("%s must be a number that is not negative"), reader.here());
  profile.limits.*member = *number;
}

template <PictureUse Profile::*member>
void take_use(RowReader& reader, Profile& profile, const Value& value) {
  const auto use = string_of(value).value_or("");
  if (use != "required" && use != "optional")
    return reader.fail(_("%s must be \"required\" or \"optional\""), reader.here());
  profile.*member = use == "required" ? PictureUse::required : PictureUse::optional;
}

// The objects `input` and `parameters`; nullptr: a fault.
const Object* sections_in(RowReader& reader, const Value& value) {
  const auto* sections = std::get_if<Object>(&value.data);
  if (!sections) {
    reader.fail(_("%s must be an object"), reader.here());
    return nullptr;
  }
  for (const auto& [section, members] : *sections)
    if ((section != "input" && section != "parameters") ||
        !std::holds_alternative<Object>(members.data)) {
      reader.fail(_("%s must contain only the objects input and parameters"), reader.here());
      return nullptr;
    }
  return sections;
}

void take_body(RowReader& reader, Profile& profile, const Value& value) {
  const auto* body = sections_in(reader, value);
  if (!body)
    return;
  if (const auto unknown = find_unknown_placeholder(*body); !unknown.empty())
    return reader.fail(_("%s has %s, which is not one of %s"), reader.here(),
                       printable(unknown, 100).c_str(), list_placeholders().c_str());
  for (const auto& role : role_fields)
    if (count_placeholders(*body, role.placeholder) > 1)
      return reader.fail(_("%s has more than one %s"), reader.here(),
                         std::string(role.placeholder).c_str());
  profile.body = *body;
}

void take_unkeyed(RowReader& reader, Profile& profile, const Value& value) {
  if (const auto* sections = sections_in(reader, value))
    profile.unkeyed = *sections;
}

std::vector<Member> read_texts(RowReader& reader, const Value& value) {
  const auto* members = std::get_if<Object>(&value.data);
  if (members && std::ranges::all_of(*members, [](const Member& member) {
        return text_in(member.value) && is_printable(member.name);
      }))
    return *members;
  reader.fail(_("%s must be an object whose members are strings"), reader.here());
  return {};
}

void take_headers(RowReader& reader, Profile& profile, const Value& value) {
  profile.headers = read_texts(reader, value);
}

void take_withdrawn(RowReader& reader, Profile& profile, const Value& value) {
  profile.withdrawn.reset();
  if (std::holds_alternative<std::nullptr_t>(value.data))
    return;
  Withdrawal withdrawal;
  bool is_known = true;
  for (const auto& [name, member] : read_texts(reader, value)) {
    const auto& text = std::get<std::string>(member.data);
    if (name == "date" && is_date(text))
      withdrawal.date = text;
    else if (name == "successor")
      withdrawal.successor = text;
    else
      is_known = false;
  }
  if (!is_known || withdrawal.date.empty())
    return reader.fail(_("%s must have a date such as 2026-09-24, and may have a successor"),
                       reader.here());
  profile.withdrawn = std::move(withdrawal);
}

void take_picture_forms(RowReader& reader, Profile& profile, const Value& value) {
  auto& forms = profile.picture_forms = {false, false, false};
  reader.each_text(value, _("%s must be \"link\", \"data-uri\" or \"base64\""),
                   [&forms](const std::string& form) {
                     forms.link |= form == "link";
                     forms.data_uri |= form == "data-uri";
                     forms.base64 |= form == "base64";
                     return form == "link" || form == "data-uri" || form == "base64";
                   });
}

void take_media_types(RowReader& reader, Profile& profile, const Value& value) {
  auto& types = profile.limits.media_types;
  types.clear();
  reader.each_text(value, _("%s must be a type such as \"image/jpeg\""),
                   [&types](const std::string& type) {
                     types.push_back(type);
                     return type.starts_with("image/");
                   });
}

void take_aspect_ratios(RowReader& reader, Profile& profile, const Value& value) {
  profile.aspect_ratios.clear();
  reader.each_text(value, _("%s must be a string such as \"16:9\""),
                   [&profile](const std::string& ratio) {
                     profile.aspect_ratios.push_back(ratio);
                     return true;
                   });
}

std::vector<FrameSize> read_frames(RowReader& reader, const Value& value) {
  std::vector<FrameSize> frames;
  reader.each_text(
      value, _("%s must be a size such as \"1280x720\""), [&frames](const std::string& text) {
        FrameSize frame;
        int length = 0;
        const int count =
            std::sscanf(text.c_str(), "%5dx%5d%n", &frame.width, &frame.height, &length);
        frames.push_back(frame);
        return count == 2 && static_cast<std::size_t>(length) == text.size() &&
               std::min(frame.width, frame.height) > 0 &&
               std::max(frame.width, frame.height) <= largest_side;
      });
  return frames;
}

Resolution read_resolution(RowReader& reader, const Value& value) {
  Resolution resolution;
  if (!std::holds_alternative<Object>(value.data)) {
    resolution.name = string_of(value).value_or("");
  } else {
    reader.each_member(value, [&](const std::string& member, const Value& part) {
      if (member == "name")
        resolution.name = string_of(part).value_or("");
      else if (member == "frames")
        resolution.frames = read_frames(reader, part);
      else if (member == "durations")
        resolution.durations = read_durations(reader, part);
      else if (member == "sizes")
        resolution.sizes = read_texts(reader, part);
      else
        reader.fail(_("%s is not a member of a resolution"), reader.here());
    });
  }
  if (resolution.name.empty() || !is_printable(resolution.name))
    reader.fail(_("%s must be a name, or an object with one"), reader.here());
  return resolution;
}

void take_resolutions(RowReader& reader, Profile& profile, const Value& value) {
  profile.resolutions.clear();
  reader.each_item(value, [&](const Value& item) {
    auto resolution = read_resolution(reader, item);
    if (find_resolution(profile, resolution.name))
      reader.fail(_("%s is repeated"), reader.here());
    profile.resolutions.push_back(std::move(resolution));
  });
}

void take_durations(RowReader& reader, Profile& profile, const Value& value) {
  profile.durations = read_durations(reader, value);
}

void take_usual_seconds(RowReader& reader, Profile& profile, const Value& value) {
  profile.usual_times.clear();
  if (!std::holds_alternative<Object>(value.data))
    return take_whole<1, &Profile::usual_generation_seconds>(reader, profile, value);
  reader.each_member(value, [&](const std::string& resolution, const Value& list) {
    UsualTimes times{printable(resolution, 100), {}};
    reader.each_item(list, [&](const Value& item) {
      const auto seconds = integer_of(item).value_or(0);
      if (seconds < 1 || seconds > longest)
        return reader.fail(_("%s must be a whole number of seconds"), reader.here());
      times.seconds.push_back(static_cast<int>(seconds));
    });
    if (times.seconds.empty())
      reader.fail(_("%s must not be empty"), reader.here());
    profile.usual_times.push_back(std::move(times));
  });
}

void take_seeds(RowReader& reader, Profile& profile, const Value& value) {
  std::vector<std::int64_t> bounds;
  reader.each_item(value, [&](const Value& item) {
    if (const auto bound = integer_of(item))
      bounds.push_back(*bound);
  });
  if (bounds.size() != 2 || bounds[0] < 0 || bounds[1] < bounds[0])
    return reader.fail(_("%s must be a list of the lowest and the highest seed, from 0"),
                       reader.here());
  profile.min_seed = bounds[0];
  profile.max_seed = bounds[1];
}

void take_audio(RowReader& reader, Profile& profile, const Value& value) {
  const auto* states = std::get_if<Object>(&value.data);
  if (!states)
    return reader.fail(_("%s must be an object"), reader.here());
  AudioSwitch audio{.on = {}, .off = {}};
  std::string usual;
  for (const auto& [name, state] : *states) {
    if (name == "on")
      audio.on = state;
    else if (name == "off")
      audio.off = state;
    else if (name == "default" && text_in(state))
      usual = *text_in(state);
    else
      return reader.fail(_("%s must have only the members on, off and default"), reader.here());
  }
  if (usual == "on" && audio.on)
    audio.usual = Audio::on;
  else if (usual == "off" && audio.off)
    audio.usual = Audio::off;
  else if (!usual.empty())
    return reader.fail(_("%s has a default that is not one of its states"), reader.here());
  profile.audio = std::move(audio);
}

std::optional<Mode> read_mode(RowReader& reader, const Value& value) {
  const auto* changes = std::get_if<Object>(&value.data);
  if (!changes)
    return reader.fail(_("%s must be an object"), reader.here()), std::nullopt;
  const auto* pictures = find_member(changes, "pictures");
  if (!pictures)
    return reader.fail(_("%s has no member pictures"), reader.here()), std::nullopt;
  Mode mode{.pictures = {}, .changes = *changes};
  reader.each_text(*pictures, _("%s must be \"first\", \"last\" or \"references\""),
                   [&mode](const std::string& name) {
                     const auto* role = std::ranges::find(role_fields, name, &RoleFields::name);
                     if (role != std::end(role_fields))
                       mode.pictures.*role->given = true;
                     return role != std::end(role_fields);
                   });
  return mode;
}

void take_modes(RowReader& reader, Profile& profile, const Value& value) {
  profile.modes.clear();
  reader.each_item(value, [&](const Value& item) {
    auto mode = read_mode(reader, item);
    const bool is_repeated = mode && std::ranges::find(profile.modes, mode->pictures,
                                                       &Mode::pictures) != profile.modes.end();
    if (is_repeated)
      reader.fail(_("%s has the pictures of an earlier mode"), reader.here());
    else if (mode)
      profile.modes.push_back(*std::move(mode));
  });
}

// Of a mode: read with the list of modes.
void skip(RowReader&, Profile&, const Value&) {}

struct RowMember {
  std::string_view name;
  void (*take)(RowReader& reader, Profile& profile, const Value& value);
  bool is_for_rows = true;
  bool is_for_modes = true;
};

constexpr RowMember row_members[] = {
    {.name = "model", .take = take_text<>, .is_for_modes = false},
    {.name = "like", .take = take_text<>, .is_for_modes = false},
    {.name = "page", .take = take_text<&Profile::page>},
    {.name = "note", .take = take_text<>},
    {.name = "withdrawn", .take = take_withdrawn, .is_for_modes = false},
    {.name = "body", .take = take_body},
    {.name = "unkeyed", .take = take_unkeyed},
    {.name = "headers", .take = take_headers, .is_for_modes = false},
    {.name = "external-id", .take = take_text<&Profile::external_id>, .is_for_modes = false},
    {.name = "modes", .take = take_modes, .is_for_modes = false},
    {.name = "pictures", .take = skip, .is_for_rows = false},
    {.name = "picture", .take = take_use<&Profile::picture>, .is_for_modes = false},
    {.name = "references", .take = take_use<&Profile::references>},
    {.name = "max-references", .take = take_whole<0, &Profile::max_references>},
    {.name = "picture-forms", .take = take_picture_forms},
    {.name = "needs-prompt", .take = take_truth<&Profile::needs_prompt>},
    {.name = "max-prompt", .take = take_whole<0, &Profile::max_prompt>},
    {.name = "max-negative-prompt", .take = take_whole<0, &Profile::max_negative_prompt>},
    {.name = "resolutions", .take = take_resolutions},
    {.name = "default-resolution", .take = take_text<&Profile::default_resolution>},
    {.name = "durations", .take = take_durations},
    {.name = "default-duration", .take = take_whole<1, &Profile::default_duration>},
    {.name = "aspect-ratios", .take = take_aspect_ratios},
    {.name = "default-aspect-ratio", .take = take_text<&Profile::default_aspect_ratio>},
    {.name = "aspect-ratio-follows", .take = take_truth<&Profile::does_aspect_ratio_follow>},
    {.name = "seeds", .take = take_seeds},
    {.name = "audio", .take = take_audio},
    {.name = "media-types", .take = take_media_types},
    {.name = "max-bytes", .take = take_whole<0, &Profile::limits, &PictureRules::max_bytes>},
    {.name = "max-body-bytes", .take = take_whole<0, &Profile::max_body_bytes>},
    {.name = "min-side", .take = take_whole<0, &Profile::limits, &PictureRules::min_side>},
    {.name = "max-aspect", .take = take_ratio<&PictureRules::max_aspect>},
    {.name = "max-frames-ratio", .take = take_ratio<&PictureRules::max_frames_ratio>},
    {.name = "price", .take = take_price, .is_for_modes = false},
    {.name = "usual-seconds", .take = take_usual_seconds},
};

void read_members(RowReader& reader, Profile& profile) {
  const bool is_mode = profile.mode.has_value();
  for (const auto& [name, value] : reader.row()) {
    reader.enter(printable(name, 100));
    const auto* member = std::ranges::find(row_members, name, &RowMember::name);
    const bool is_known =
        member != std::end(row_members) && (is_mode ? member->is_for_modes : member->is_for_rows);
    if (is_known)
      member->take(reader, profile, value);
    else
      reader.fail(is_mode ? _("%s is not a member of a mode") : _("%s is not a member of a row"),
                  reader.here());
  }
}

void settle_role(RowReader& reader, Profile& profile, const RoleFields& role) {
  const std::string placeholder(role.placeholder);
  const bool has_place = count_placeholders(profile.body, placeholder) > 0;
  reader.enter("body");
  if (!has_place && count_placeholders(profile.body, role.media_type) > 0)
    reader.fail(_("%s has %s without %s"), reader.here(), std::string(role.media_type).c_str(),
                placeholder.c_str());
  auto& use = profile.*role.use;
  if (!profile.mode) {
    if (!has_place || use == PictureUse::none)
      use = has_place ? role.usual_use : PictureUse::none;
    return;
  }
  const bool is_given = *profile.mode.*role.given;
  use = is_given ? PictureUse::required : PictureUse::none;
  reader.enter("pictures");
  if (is_given && !has_place)
    reader.fail(_("%s has a picture, but the body has no %s"), reader.here(), placeholder.c_str());
}

void settle_body(RowReader& reader, Profile& profile) {
  reader.enter("body");
  if (profile.body.empty())
    return reader.fail(_("%s is missing, and the row has no base"), reader.here());
  for (const auto& role : role_fields)
    settle_role(reader, profile, role);
  const auto has = [&profile](std::string_view placeholder) {
    return count_placeholders(profile.body, placeholder) > 0;
  };
  reader.enter("picture");
  if (reader.has("picture") && !has(picture_placeholder) && profile.modes.empty())
    reader.fail(_("%s is set, but the body has no {picture}"), reader.here());
  reader.enter("needs-prompt");
  if (profile.needs_prompt && !has(prompt_placeholder))
    reader.fail(_("%s is true, but the body has no {prompt}"), reader.here());
  reader.enter("references");
  if (reader.has("references") && !has(reference_placeholder))
    reader.fail(_("%s is set, but the body has no {reference}"), reader.here());
  reader.enter("max-references");
  if (profile.max_references != 1 && !are_references_in_lists(profile.body))
    reader.fail(_("%s must be 1: {reference} is not in a list"), reader.here());
}

void settle_resolutions(RowReader& reader, Profile& profile) {
  reader.enter("default-resolution");
  const auto* chosen = find_resolution(profile, profile.default_resolution);
  if (profile.resolutions.empty())
    return;
  if (!chosen && reader.has("default-resolution"))
    return reader.fail(_("%s is not one of the resolutions"), reader.here());
  profile.default_resolution = chosen ? chosen->name : profile.resolutions.front().name;
}

void settle_durations(RowReader& reader, Profile& profile) {
  reader.enter("resolutions");
  for (const auto& resolution : profile.resolutions)
    check_durations(reader, profile, resolution.durations);
  reader.enter("default-duration");
  if (profile.durations.empty() || holds(profile.durations, profile.default_duration))
    return;
  if (reader.has("default-duration"))
    return reader.fail(_("%s is not one of the durations"), reader.here());
  profile.default_duration = profile.durations.front();
}

void check_aspect_ratio(RowReader& reader, Profile& profile) {
  reader.enter("default-aspect-ratio");
  const auto& usual = profile.default_aspect_ratio;
  if (!usual.empty() && !profile.aspect_ratios.empty() && !holds(profile.aspect_ratios, usual))
    reader.fail(_("%s is not one of the aspect ratios"), reader.here());
}

void check_usual_seconds(RowReader& reader, Profile& profile) {
  reader.enter("usual-seconds");
  if (!reader.has("usual-seconds"))
    return;
  for (const auto& times : profile.usual_times)
    check_resolution(reader, profile, times.resolution);
}

// Derives what the row leaves out, and checks members against each other.
void settle(RowReader& reader, Profile& profile) {
  for (const auto step :
       {settle_body, settle_resolutions, settle_durations, check_aspect_ratio, check_usual_seconds})
    step(reader, profile);
}

// A mode starts from its row, so a change of the row changes its modes.
void settle_modes(RowReader& reader, Profile& profile) {
  if (find_string(&reader.row(), "picture") == "required")
    std::erase_if(profile.modes, [](const Mode& mode) { return !mode.pictures.first; });
  for (std::size_t i = 0; i < profile.modes.size(); ++i) {
    auto& mode = profile.modes[i];
    Profile own = profile;
    own.modes.clear();
    own.mode = mode.pictures;
    RowReader changes(mode.changes, reader.where() + ".modes[" + std::to_string(i) + "]");
    read_members(changes, own);
    settle(changes, own);
    reader.keep_fault(changes.fault());
    mode.profile = std::make_shared<const Profile>(std::move(own));
  }
  for (const auto& role : role_fields) {
    const auto has_role = [&role](const Mode& mode) { return mode.pictures.*role.given; };
    profile.*role.use = std::ranges::all_of(profile.modes, has_role)   ? PictureUse::required
                        : std::ranges::any_of(profile.modes, has_role) ? PictureUse::optional
                                                                       : PictureUse::none;
  }
}

}  // namespace

const std::string* text_in(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  return text && !text->empty() && is_printable(*text) ? text : nullptr;
}

void RowReader::fail(const char* format, ...) {
  if (!fault_.empty())
    return;
  va_list values;
  va_start(values, format);
  fault_ = CharPtr(g_strdup_vprintf(format, values)).get();
  va_end(values);
}

std::vector<int> read_durations(RowReader& reader, const Value& value) {
  std::set<int> durations;
  reader.each_item(value, [&](const Value& item) {
    const auto text = string_of(item).value_or("");
    int first = static_cast<int>(std::clamp<std::int64_t>(integer_of(item).value_or(0), 0, 9999));
    int last = first;
    int length = 0;
    const int count = std::sscanf(text.c_str(), "%4d-%4d%n", &first, &last, &length);
    const bool is_range = count == 2 && static_cast<std::size_t>(length) == text.size();
    if ((!text.empty() && !is_range) || first < 1 || last < first || last > longest)
      return reader.fail(_("%s must be a whole number of seconds, or a range such as \"4-12\""),
                         reader.here());
    for (int duration = first; duration <= last; ++duration)
      durations.insert(duration);
  });
  return {durations.begin(), durations.end()};
}

void check_resolution(RowReader& reader, const Profile& profile, const std::string& name) {
  if (!profile.resolutions.empty() && !find_resolution(profile, name))
    reader.fail(_("%s has a resolution that the model does not have: %s"), reader.here(),
                name.c_str());
}

void check_durations(RowReader& reader, const Profile& profile, const std::vector<int>& durations) {
  for (const int duration : durations)
    if (!profile.durations.empty() && !holds(profile.durations, duration))
      reader.fail(_("%s has a duration that the model does not have: %s"), reader.here(),
                  std::to_string(duration).c_str());
}

std::string read_row(const Object& row, const std::string& where, Profile& profile) {
  RowReader reader(row, where);
  // The modes of the base belong to its body.
  if (reader.has("body"))
    profile.modes.clear();
  read_members(reader, profile);
  settle(reader, profile);
  if (reader.fault().empty() && !profile.modes.empty())
    settle_modes(reader, profile);
  check_price(reader, profile);
  return reader.fault();
}

}  // namespace modelverse::api
