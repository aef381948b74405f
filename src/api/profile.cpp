// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/profile.h"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "api/body_template.h"
#include "api/submit_body.h"

namespace modelverse::api {
namespace {

// The duration that the estimate refers to, for a model without durations.
constexpr int usual_duration = 4;

const Resolution* default_of(const Profile& profile) {
  return find_resolution(profile, profile.default_resolution);
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

// The default's size with exchanged sides: the same picture at the same price.
const Resolution* turned_default(const Profile& profile) {
  const auto* usual = default_of(profile);
  if (!usual || usual->frames.size() != 1)
    return nullptr;
  const FrameSize turned = {usual->frames.front().height, usual->frames.front().width};
  const auto found = std::find_if(
      profile.resolutions.begin(), profile.resolutions.end(),
      [&](const Resolution& one) { return one.frames == std::vector<FrameSize>{turned}; });
  return found == profile.resolutions.end() ? nullptr : &*found;
}

// The texts of a request are small beside its pictures.
constexpr std::uint64_t room_for_texts = 64 << 10;

// The bytes of a picture become Base64 in the request, whose size the model limits.
void limit_to_share(PictureRules& rules, const Profile& profile, const Request& request) {
  const auto count = sent_pictures(profile, request).size();
  if (count == 0 || profile.max_body_bytes <= room_for_texts)
    return;
  const auto share = (profile.max_body_bytes - room_for_texts) / count / 4 * 3;
  if (rules.max_bytes == 0 || share < rules.max_bytes)
    rules.max_bytes = share;
}

}  // namespace

bool is_same_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() &&
         g_ascii_strncasecmp(one.data(), other.data(), one.size()) == 0;
}

const Resolution* find_resolution(const Profile& profile, std::string_view name) {
  const auto found =
      std::find_if(profile.resolutions.begin(), profile.resolutions.end(),
                   [name](const Resolution& one) { return is_same_name(one.name, name); });
  return found == profile.resolutions.end() ? nullptr : &*found;
}

// A mode is chosen by its pictures. An extra may stand for one of them.
const Profile* find_mode(const Profile& row, const PictureRoles& given, const Request& request) {
  if (row.modes.empty())
    return &row;
  for (const auto& mode : row.modes)
    if (mode.pictures == given)
      return mode.profile.get();
  for (const auto& mode : row.modes) {
    const auto fits = [&](const RoleFields& role) {
      const bool is_wanted = mode.pictures.*role.given;
      return is_wanted == given.*role.given ||
             (is_wanted && is_replaced(*mode.profile, request, role.placeholder));
    };
    if (std::ranges::all_of(role_fields, fits))
      return mode.profile.get();
  }
  return nullptr;
}

std::string sent_resolution(const Profile& profile, const Request& request) {
  if (request.resolution.empty())
    return profile.default_resolution;
  const auto* known = find_resolution(profile, request.resolution);
  return known ? known->name : request.resolution;
}

const std::vector<int>& durations_at(const Profile& profile, std::string_view resolution) {
  const auto* known =
      find_resolution(profile, resolution.empty() ? profile.default_resolution : resolution);
  return known && !known->durations.empty() ? known->durations : profile.durations;
}

int sent_duration(const Profile& profile, const Request& request) {
  if (request.duration != 0)
    return request.duration;
  const auto& allowed = durations_at(profile, request.resolution);
  if (allowed.empty() || holds(allowed, profile.default_duration))
    return profile.default_duration;
  return allowed.front();
}

std::string sent_aspect_ratio(const Profile& profile, const Request& request) {
  return request.aspect_ratio.empty() ? profile.default_aspect_ratio : request.aspect_ratio;
}

std::string sent_size(const Profile& profile, const Request& request) {
  const auto* chosen = find_resolution(profile, sent_resolution(profile, request));
  const auto ratio = sent_aspect_ratio(profile, request);
  for (const auto& [name, size] : chosen ? chosen->sizes : std::vector<Member>())
    if (name == ratio)
      return std::get<std::string>(size.data);
  return {};
}

Audio audio_state(const Profile& profile, const Request& request) {
  return request.audio == Audio::automatic ? profile.audio.usual : request.audio;
}

std::optional<Value> sent_audio(const Profile& profile, const Request& request) {
  switch (audio_state(profile, request)) {
    case Audio::on:
      return profile.audio.on;
    case Audio::off:
      return profile.audio.off;
    case Audio::automatic:
      break;
  }
  return {};
}

std::vector<std::string> aspect_ratios_at(const Profile& profile, std::string_view resolution) {
  const auto* chosen =
      find_resolution(profile, resolution.empty() ? profile.default_resolution : resolution);
  if (!chosen || chosen->sizes.empty())
    return profile.aspect_ratios;
  std::vector<std::string> ratios;
  for (const auto& size : chosen->sizes)
    ratios.push_back(size.name);
  return ratios;
}

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

PictureRules picture_rules(const Profile& profile, const Request& request, std::size_t index) {
  PictureRules rules = profile.limits;
  limit_to_share(rules, profile, request);
  if (role_of_picture(index) == PictureRole::reference)
    return rules;
  const auto* chosen = request.resolution.empty() ? default_of(profile)
                                                  : find_resolution(profile, request.resolution);
  if (chosen)
    rules.frame_sizes = chosen->frames;
  if (request.resolution.empty())
    if (const auto* turned = turned_default(profile))
      rules.frame_sizes.push_back(turned->frames.front());
  return rules;
}

std::string resolution_of_frame(const Profile& profile, FrameSize frame) {
  const auto* turned = turned_default(profile);
  return turned && turned->frames.front() == frame ? turned->name : "";
}

std::string aspect_ratio_of_frame(const Profile& profile, FrameSize frame) {
  if (!profile.does_aspect_ratio_follow || frame.width <= 0 || frame.height <= 0)
    return {};
  const auto distance = [&](const std::string& ratio) {
    FrameSize size;
    if (std::sscanf(ratio.c_str(), "%5d:%5d", &size.width, &size.height) != 2)
      return HUGE_VAL;
    return std::abs(std::log(double(frame.width) / frame.height) -
                    std::log(double(size.width) / size.height));
  };
  const auto& ratios = profile.aspect_ratios;
  const auto nearest = std::min_element(
      ratios.begin(), ratios.end(),
      [&](const auto& one, const auto& other) { return distance(one) < distance(other); });
  // The service's own default is not sent unless the row says so.
  const bool is_usual = nearest == ratios.begin() && profile.default_aspect_ratio.empty();
  return nearest == ratios.end() || is_usual ? "" : *nearest;
}

int usual_generation_seconds(const Profile& profile, const Request& request) {
  const auto times_at = [&profile](const std::string& resolution) {
    return std::ranges::find_if(profile.usual_times, [&resolution](const UsualTimes& one) {
      return is_same_name(one.resolution, resolution);
    });
  };
  auto times = times_at(sent_resolution(profile, request));
  if (times == profile.usual_times.end())
    times = times_at(profile.default_resolution);
  int base = profile.default_duration > 0 ? profile.default_duration : usual_duration;
  int usual = profile.usual_generation_seconds;
  const int duration = request.duration > 0 ? request.duration : base;
  if (times != profile.usual_times.end()) {
    base = std::min(duration, static_cast<int>(times->seconds.size()));
    usual = times->seconds[static_cast<std::size_t>(base - 1)];
  }
  const std::int64_t seconds = std::int64_t{usual} * duration / base;
  return static_cast<int>(std::min<std::int64_t>(seconds, G_MAXINT));
}

}  // namespace modelverse::api
