// SPDX-License-Identifier: LGPL-2.1-or-later
// Putting the submit request together.
#include "api/submit_body.h"

#include <algorithm>

namespace modelverse::api {
namespace {

auto find_name(const Object& object, std::string_view name) {
  return std::find_if(object.begin(), object.end(),
                      [name](const auto& member) { return member.name == name; });
}

void add(Object& object, std::string_view name, Value value) {
  object.push_back({std::string(name), std::move(value)});
}

// An extra replaces our own member in its place, or follows after it.
void merge(Object& object, const Object& extras) {
  for (const auto& [name, value] : extras) {
    const auto own = find_name(object, name);
    if (own == object.end())
      add(object, name, value);
    else
      object[static_cast<std::size_t>(own - object.begin())].value = value;
  }
}

Object input_of(const Profile& profile, const Request& request,
                const std::optional<std::string>& picture) {
  Object input;
  if (const auto* link = std::get_if<PictureLink>(&request.picture))
    add(input, profile.picture_field, {link->uri});
  else if (picture)
    add(input, profile.picture_field, {*picture});
  if (!request.prompt.empty())
    add(input, "prompt", {request.prompt});
  merge(input, request.extra_input);
  return input;
}

Object parameters_of(const Profile& profile, const Request& request) {
  Object parameters;
  if (!request.resolution.empty())
    add(parameters, "resolution", {request.resolution});
  else if (!profile.resolutions.empty())
    add(parameters, "resolution", {std::string(profile.resolutions.front())});
  if (request.duration != 0)
    add(parameters, "duration", {std::int64_t{request.duration}});
  else if (!profile.durations.empty())
    add(parameters, "duration", {std::int64_t{profile.durations.front()}});
  merge(parameters, request.extra_parameters);
  return parameters;
}

}  // namespace

Object submit_body(const Profile& profile, const Request& request,
                   const std::optional<std::string>& picture) {
  Object body;
  add(body, "model", {request.model});
  add(body, "input", {input_of(profile, request, picture)});
  add(body, "parameters", {parameters_of(profile, request)});
  return body;
}

const PictureBytes* sent_picture(const Profile& profile, const Request& request) {
  const auto& extras = request.extra_input;
  if (find_name(extras, profile.picture_field) != extras.end())
    return nullptr;
  return std::get_if<PictureBytes>(&request.picture);
}

std::string picture_prefix(const Profile& profile, const Request& request,
                           const PictureBytes& picture) {
  const auto encoding = request.image_encoding == ImageEncoding::automatic
                            ? profile.picture_encoding
                            : request.image_encoding;
  return encoding == ImageEncoding::base64 ? "" : "data:" + picture.media_type + ";base64,";
}

}  // namespace modelverse::api
