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
  return std::ranges::find(object, name, &Member::name);
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
std::optional<T> unless_default(T value, const T& none = {}) {
  return value == none ? std::nullopt : std::optional(std::move(value));
}

// A link is sent as it is.
PictureValues values_of_picture(const RequestPicture& picture, const BodyParts& parts,
                                std::size_t index) {
  if (const auto* link = std::get_if<PictureLink>(&picture))
    return {Value{link->uri}, {}};
  const auto* bytes = std::get_if<PictureBytes>(&picture);
  if (!bytes)
    return {};
  return {index < parts.pictures.size() ? parts.pictures[index] : std::nullopt, bytes->media_type};
}

PlaceholderValues values_of_pictures(const Request& request, const BodyParts& parts) {
  PlaceholderValues values;
  const auto pictures = pictures_of(request);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    auto one = values_of_picture(*pictures[i], parts, i);
    switch (role_of_picture(i)) {
      case PictureRole::first:
        values.first = std::move(one);
        break;
      case PictureRole::last:
        values.last = std::move(one);
        break;
      case PictureRole::reference:
        values.references.push_back(std::move(one));
        break;
    }
  }
  return values;
}

const Object& extras_of(const Request& request, std::string_view section) {
  return section == "input" ? request.extra_input : request.extra_parameters;
}

}  // namespace

Object submit_body(const Profile& profile, const Request& request, const BodyParts& parts) {
  auto values = values_of_pictures(request, parts);
  values.prompt = request.prompt;
  values.negative_prompt = request.negative_prompt;
  values.resolution = unless_default(sent_resolution(profile, request));
  values.size = unless_default(sent_size(profile, request));
  values.aspect_ratio = unless_default(sent_aspect_ratio(profile, request));
  values.duration = unless_default(std::int64_t{sent_duration(profile, request)});
  values.seed = unless_default(request.seed, no_seed);
  values.audio = sent_audio(profile, request);
  Object body;
  add(body, "model", {request.model});
  for (const std::string section : {"input", "parameters"}) {
    Object filled;
    if (const auto own = find_name(profile.body, section); own != profile.body.end())
      filled = fill(std::get<Object>(own->value.data), values);
    if (const auto more = find_name(profile.unkeyed, section);
        parts.has_unkeyed && more != profile.unkeyed.end())
      merge(filled, std::get<Object>(more->value.data));
    if (section == "parameters" && !parts.external_id.empty())
      add(filled, profile.external_id, {parts.external_id});
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

std::string_view placeholder_of(PictureRole role) {
  return role_fields[static_cast<std::size_t>(role)].placeholder;
}

std::vector<SentPicture> sent_pictures(const Profile& profile, const Request& request) {
  std::vector<SentPicture> sent;
  const auto pictures = pictures_of(request);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto* bytes = std::get_if<PictureBytes>(pictures[i]);
    if (bytes && !is_replaced(profile, request, placeholder_of(role_of_picture(i))))
      sent.push_back({i, bytes});
  }
  return sent;
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
