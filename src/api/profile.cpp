// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of models and the questions asked of a row.
#include "api/profile.h"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "api/wire.h"
#include "core/settings.h"

namespace modelverse::api {
namespace {

constexpr std::string_view sora_pro_resolutions[] = {"720p", "1080p"};
constexpr int sora_durations[] = {4, 8, 12};
// What the estimate for a model without durations of its own is for.
constexpr int usual_duration = 4;

constexpr Profile profiles[] = {
    {.model = default_model,
     .picture_field = "first_frame_url",
     .picture_encoding = ImageEncoding::data_uri,
     .resolutions = sora_pro_resolutions,
     .durations = sora_durations,
     .usual_generation_seconds = 90,
     .is_known = true},
};

constexpr Profile unknown_profile = {.model = {},
                                     .picture_field = "first_frame_url",
                                     .picture_encoding = ImageEncoding::data_uri,
                                     .resolutions = {},
                                     .durations = {},
                                     .usual_generation_seconds = 90,
                                     .is_known = false};

Error refuse(std::string text, std::string debug) {
  return {.code = ErrorCode::settings, .text = std::move(text), .debug = std::move(debug)};
}

std::string listed(std::string_view item) {
  return std::string(item);
}

std::string listed(int item) {
  return std::to_string(item);
}

template <typename T>
std::string list(std::span<const T> items) {
  std::string text;
  for (const auto& item : items)
    text += (text.empty() ? "" : ", ") + listed(item);
  return text;
}

template <typename T, typename U>
bool holds(std::span<const T> items, const U& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool is_text(const std::string& text) {
  return g_utf8_validate_len(text.data(), text.size(), nullptr);
}

// What JSON can say: UTF-8 without NUL, finite numbers, bounded nesting. nullptr: all is well.
const char* find_fault(const Value& value, int depth);

const char* find_fault(const Object& object, int depth) {
  if (depth > max_json_depth)
    return "is nested too deep";
  for (const auto& [name, member] : object) {
    if (!is_text(name))
      return "has a name that is not UTF-8";
    if (const char* fault = find_fault(member, depth + 1))
      return fault;
  }
  return nullptr;
}

const char* find_fault(const Value& value, int depth) {
  if (depth > max_json_depth)
    return "is nested too deep";
  if (const auto* text = std::get_if<std::string>(&value.data); text && !is_text(*text))
    return "holds text that is not UTF-8";
  if (const auto* number = std::get_if<double>(&value.data); number && !std::isfinite(*number))
    return "holds a number that JSON cannot say (not finite)";
  if (const auto* object = std::get_if<Object>(&value.data))
    return find_fault(*object, depth);
  if (const auto* items = std::get_if<Array>(&value.data))
    for (const auto& item : *items)
      if (const char* fault = find_fault(item, depth + 1))
        return fault;
  return nullptr;
}

Status check_texts(const Request& request) {
  if (request.model.empty())
    return refuse("No model is named: set model, or leave it at its default.", "model is empty");
  if (!is_text(request.model) || !is_text(request.resolution))
    return refuse("model and resolution must be UTF-8 text.", "model or resolution is not UTF-8");
  if (!is_text(request.prompt))
    return refuse("The prompt is not UTF-8 text: convert it before setting prompt.",
                  "prompt is not UTF-8");
  const std::pair<const char*, const Object*> extras[] = {
      {"extra-input", &request.extra_input}, {"extra-parameters", &request.extra_parameters}};
  for (const auto& [property, extra] : extras)
    if (const char* fault = find_fault(*extra, 1))
      return refuse(std::string(property) + " cannot be sent: it " + fault + ".",
                    std::string(property) + " " + fault);
  return Done{};
}

}  // namespace

const Profile& find_profile(std::string_view model) {
  for (const auto& profile : profiles)
    if (profile.model == model)
      return profile;
  return unknown_profile;
}

Status check_request(const Profile& profile, const Request& request) {
  if (Status texts = check_texts(request); !texts)
    return texts;
  if (!request.resolution.empty() && !profile.resolutions.empty() &&
      !holds(profile.resolutions, request.resolution))
    return refuse("The model " + request.model + " has no resolution '" + request.resolution +
                      "': set resolution to one of " + list(profile.resolutions) + ".",
                  "resolution is not in the model's list");
  const bool is_listed =
      profile.durations.empty() ? request.duration > 0 : holds(profile.durations, request.duration);
  if (request.duration != 0 && !is_listed)
    return refuse("The model " + request.model + " makes no clip of " +
                      std::to_string(request.duration) + " s: set duration to " +
                      (profile.durations.empty() ? "a positive number"
                                                 : "one of " + list(profile.durations)) +
                      ".",
                  "duration is not in the model's list");
  return Done{};
}

PictureRules picture_rules(const Profile& profile, const Request& request) {
  PictureRules rules;
  if (!profile.is_known)
    return rules;
  // The first frame has exactly the video's size, or the service refuses it.
  if (request.resolution == "1080p")
    rules.frame_sizes = {{1792, 1024}, {1024, 1792}};
  else
    rules.frame_sizes = {{1280, 720}, {720, 1280}};
  return rules;
}

std::string resolution_of_frame(const Profile&, FrameSize) {
  return {};
}

int usual_generation_seconds(const Profile& profile, const Request& request) {
  const int base = profile.durations.empty() ? usual_duration : profile.durations.front();
  if (request.duration <= 0)
    return profile.usual_generation_seconds;
  const std::int64_t seconds =
      std::int64_t{profile.usual_generation_seconds} * request.duration / base;
  return static_cast<int>(std::min<std::int64_t>(seconds, G_MAXINT));
}

}  // namespace modelverse::api
