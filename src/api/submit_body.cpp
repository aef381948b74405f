// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/submit_body.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "api/body_template.h"
#include "api/printable.h"
#include "api/wire.h"

namespace modelverse::api {
namespace {

auto find_name(const Object& object, std::string_view name) {
  return std::find_if(object.begin(), object.end(),
                      [name](const auto& member) { return member.name == name; });
}

void add(Object& object, std::string_view name, Value value) {
  object.push_back({std::string(name), std::move(value)});
}

// An extra replaces a member in its position, or is appended.
void merge(Object& object, const Object& extras) {
  for (const auto& [name, value] : extras) {
    const auto own = find_name(object, name);
    if (own == object.end())
      add(object, name, value);
    else
      object[static_cast<std::size_t>(own - object.begin())].value = value;
  }
}

template <typename T>
std::optional<T> unless_default(T value) {
  return value == T() ? std::nullopt : std::optional(std::move(value));
}

PlaceholderValues placeholder_values(const Profile& profile, const Request& request,
                                     const std::optional<std::string>& picture) {
  PlaceholderValues values;
  values.picture = picture;
  if (const auto* link = std::get_if<PictureLink>(&request.picture))
    values.picture = link->uri;
  if (const auto* bytes = std::get_if<PictureBytes>(&request.picture))
    values.media_type = bytes->media_type;
  values.prompt = unless_default(request.prompt);
  values.resolution = unless_default(sent_resolution(profile, request));
  values.duration = unless_default(std::int64_t{sent_duration(profile, request)});
  return values;
}

const Object& extras_of(const Request& request, std::string_view section) {
  return section == "input" ? request.extra_input : request.extra_parameters;
}

}  // namespace

Object submit_body(const Profile& profile, const Request& request,
                   const std::optional<std::string>& picture, const std::string& external_id) {
  const auto values = placeholder_values(profile, request, picture);
  Object body;
  add(body, "model", {request.model});
  for (const std::string section : {"input", "parameters"}) {
    Object filled;
    if (const auto own = find_name(profile.body, section); own != profile.body.end())
      filled = fill(std::get<Object>(own->value.data), values);
    if (section == "parameters" && !external_id.empty())
      add(filled, profile.external_id, {external_id});
    merge(filled, extras_of(request, section));
    add(body, section, {std::move(filled)});
  }
  return body;
}

std::string choose_external_id(const Profile& profile, const Request& request, std::string fresh) {
  if (profile.external_id.empty())
    return {};
  for (const auto* extras : {&request.extra_parameters, &request.extra_input}) {
    const auto own = find_name(*extras, profile.external_id);
    if (own == extras->end())
      continue;
    const auto* text = std::get_if<std::string>(&own->value.data);
    const bool is_id = text && text->size() <= max_task_id_bytes && is_printable(*text);
    return is_id ? *text : "";
  }
  return fresh;
}

bool is_replaced(const Profile& profile, const Request& request, std::string_view placeholder) {
  const auto place = find_placeholder(profile.body, placeholder);
  const auto& extras = extras_of(request, place.section);
  return !place.path.empty() && find_name(extras, place.member) != extras.end();
}

const PictureBytes* sent_picture(const Profile& profile, const Request& request) {
  if (is_replaced(profile, request, picture_placeholder))
    return nullptr;
  return std::get_if<PictureBytes>(&request.picture);
}

ImageEncoding sent_encoding(const Profile& profile, const Request& request) {
  if (request.image_encoding != ImageEncoding::automatic)
    return request.image_encoding;
  const auto& forms = profile.picture_forms;
  return forms.base64 && !forms.data_uri ? ImageEncoding::base64 : ImageEncoding::data_uri;
}

std::string picture_prefix(const Profile& profile, const Request& request,
                           const PictureBytes& picture) {
  return sent_encoding(profile, request) == ImageEncoding::base64
             ? ""
             : "data:" + picture.media_type + ";base64,";
}

}  // namespace modelverse::api
