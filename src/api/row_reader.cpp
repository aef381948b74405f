// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/row_reader.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "api/body_template.h"
#include "api/json.h"
#include "api/printable.h"

namespace modelverse::api {
namespace {

constexpr int longest = 3600;  // s; the duration property has the same bound
constexpr int largest_side = 16384;

}  // namespace

const RowReader::Known RowReader::known_members[] = {
    {"model", &RowReader::take_nothing},
    {"like", &RowReader::take_text<nullptr>},
    {"page", &RowReader::take_text<&Profile::page>},
    {"note", &RowReader::take_text<nullptr>},
    {"body", &RowReader::take_body},
    {"picture", &RowReader::take_picture},
    {"picture-forms", &RowReader::take_picture_forms},
    {"needs-prompt", &RowReader::take_truth<&Profile::needs_prompt>},
    {"max-prompt", &RowReader::take_number<&Profile::max_prompt, 0>},
    {"resolutions", &RowReader::take_resolutions},
    {"default-resolution", &RowReader::take_text<&Profile::default_resolution>},
    {"durations", &RowReader::take_durations},
    {"default-duration", &RowReader::take_number<&Profile::default_duration, 1>},
    {"media-types", &RowReader::take_media_types},
    {"max-bytes", &RowReader::take_limit<&PictureRules::max_bytes>},
    {"max-body-bytes", &RowReader::take_number<&Profile::max_body_bytes, 0>},
    {"min-side", &RowReader::take_limit<&PictureRules::min_side>},
    {"max-aspect", &RowReader::take_limit<&PictureRules::max_aspect>},
    {"external-id", &RowReader::take_text<&Profile::external_id>},
    {"price", &RowReader::take_price},
    {"usual-seconds", &RowReader::take_number<&Profile::usual_generation_seconds, 1>},
};

void RowReader::fail(const std::string& what) {
  if (fault_.empty())
    fault_ = where_ + "." + name_ + " " + what;
}

void RowReader::read(Profile& profile) {
  for (const auto& name : member_names(row_)) {
    name_ = printable(name, 100);
    const auto known = std::find_if(std::begin(known_members), std::end(known_members),
                                    [&name](const Known& one) { return name == one.name; });
    if (known == std::end(known_members))
      fail("is not a member of a row");
    else
      (this->*known->take)(profile, json_object_get_member(row_, name.c_str()));
  }
  if (fault_.empty())
    settle_picture(profile);
  if (fault_.empty())
    settle_resolutions(profile);
  if (fault_.empty())
    settle_durations(profile);
  if (fault_.empty())
    settle_price(profile);
}

void RowReader::take_nothing(Profile&, JsonNode*) {}

template <auto member>
void RowReader::take_text(Profile& profile, JsonNode* node) {
  auto text = string_of(node);
  if (!text || text->empty() || !is_printable(*text))
    return fail("must be a string");
  if constexpr (!std::is_null_pointer_v<decltype(member)>)
    profile.*member = *std::move(text);
}

template <auto member>
void RowReader::take_truth(Profile& profile, JsonNode* node) {
  const auto truth = boolean_of(node);
  if (!truth)
    return fail("must be true or false");
  profile.*member = *truth;
}

template <auto member, std::int64_t least>
void RowReader::take_number(Profile& profile, JsonNode* node) {
  const auto number = integer_of(node);
  if (!number || *number < least || *number > std::int64_t{1} << 30)
    return fail("must be a whole number from " + std::to_string(least));
  profile.*member = static_cast<std::remove_cvref_t<decltype(profile.*member)>>(*number);
}

template <auto member>
void RowReader::take_limit(Profile& profile, JsonNode* node) {
  using T = std::remove_cvref_t<decltype(profile.limits.*member)>;
  const auto number =
      std::is_same_v<T, double> || integer_of(node) ? number_of(node) : std::optional<double>();
  if (!number || *number < 0 || *number > double{1 << 30})
    return fail("must be a number that is not negative");
  profile.limits.*member = static_cast<T>(*number);
}

void RowReader::take_body(Profile& profile, JsonNode* node) {
  const auto body = value_of(node);
  const auto* sections = std::get_if<Object>(&body.data);
  if (!sections)
    return fail("must be an object");
  for (const auto& [section, members] : *sections)
    if ((section != "input" && section != "parameters") ||
        !std::holds_alternative<Object>(members.data))
      return fail("must contain only the objects input and parameters");
  if (const auto unknown = find_unknown_placeholder(*sections); !unknown.empty())
    return fail(
        "has " + printable(unknown, 100) +
        ", which is not one of {picture}, {media-type}, {prompt}, {resolution}, {duration}");
  if (count_placeholders(*sections, picture_placeholder) > 1)
    return fail("has more than one {picture}");
  profile.body = *sections;
}

void RowReader::take_picture(Profile&, JsonNode* node) {
  const auto use = string_of(node).value_or("");
  if (use != "required" && use != "optional")
    return fail("must be \"required\" or \"optional\"");
  is_optional_ = use == "optional";
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
      fail("must be \"link\", \"data-uri\" or \"base64\"");
  });
}

void RowReader::take_media_types(Profile& profile, JsonNode* node) {
  profile.limits.media_types.clear();
  each_item(node, [&](JsonNode* item) {
    auto type = string_of(item).value_or("");
    if (!type.starts_with("image/") || !is_printable(type))
      return fail("must be a type such as \"image/jpeg\"");
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
  fail("must be a size such as \"1280x720\"");
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
      else
        fail("is not a member of a resolution");
    }
    name_ = place;
  }
  if (resolution.name.empty() || !is_printable(resolution.name))
    fail("must be a name, or an object with one");
  return resolution;
}

void RowReader::take_resolutions(Profile& profile, JsonNode* node) {
  profile.resolutions.clear();
  each_item(node, [&](JsonNode* item) {
    auto resolution = read_resolution(item);
    if (find_resolution(profile, resolution.name))
      fail("is repeated");
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
      return fail("must be a whole number of seconds, or a range such as \"4-12\"");
    for (int duration = first; duration <= last; ++duration)
      durations.insert(duration);
  });
  return {durations.begin(), durations.end()};
}

void RowReader::take_durations(Profile& profile, JsonNode* node) {
  profile.durations = read_durations(node);
}

void RowReader::settle_picture(Profile& profile) {
  name_ = "body";
  if (profile.body.empty())
    return fail("is missing, and the row has no base");
  const bool has_place = count_placeholders(profile.body, picture_placeholder) > 0;
  if (count_placeholders(profile.body, media_type_placeholder) > 0 && !has_place)
    return fail("has {media-type} without {picture}");
  if (!has_place)
    profile.picture = PictureUse::none;
  else if (has("picture"))
    profile.picture = is_optional_ ? PictureUse::optional : PictureUse::required;
  else if (profile.picture == PictureUse::none)
    profile.picture = PictureUse::required;
  name_ = "picture";
  if (has("picture") && !has_place)
    fail("is set, but the body has no {picture}");
  name_ = "needs-prompt";
  if (profile.needs_prompt && count_placeholders(profile.body, prompt_placeholder) == 0)
    fail("is true, but the body has no {prompt}");
}

void RowReader::settle_resolutions(Profile& profile) {
  name_ = has("default-resolution") ? "default-resolution" : "resolutions";
  const auto* chosen = find_resolution(profile, profile.default_resolution);
  if (profile.resolutions.empty())
    return;
  if (!chosen && has("default-resolution"))
    return fail("is not one of the resolutions");
  profile.default_resolution = chosen ? chosen->name : profile.resolutions.front().name;
}

void RowReader::settle_durations(Profile& profile) {
  name_ = "resolutions";
  for (const auto& resolution : profile.resolutions)
    for (const int duration : resolution.durations)
      if (!profile.durations.empty() && !holds(profile.durations, duration))
        fail("has a duration that the model does not have: " + std::to_string(duration));
  name_ = "default-duration";
  if (profile.durations.empty() || holds(profile.durations, profile.default_duration))
    return;
  if (has("default-duration"))
    return fail("is not one of the durations");
  profile.default_duration = profile.durations.front();
}

}  // namespace modelverse::api
