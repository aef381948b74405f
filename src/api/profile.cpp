// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/profile.h"

#include <glib.h>

#include <algorithm>

#include "api/models.h"

namespace modelverse::api {
namespace {

// The duration that the estimate refers to, for a model without durations.
constexpr int usual_duration = 4;

const Resolution* default_of(const Profile& profile) {
  return find_resolution(profile, profile.default_resolution);
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

}  // namespace

const Profile& find_profile(std::string_view model) {
  return Models::built_in().find(model);
}

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

PictureRules picture_rules(const Profile& profile, const Request& request) {
  PictureRules rules = profile.limits;
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

int usual_generation_seconds(const Profile& profile, const Request& request) {
  const int base = profile.default_duration > 0 ? profile.default_duration : usual_duration;
  if (request.duration <= 0)
    return profile.usual_generation_seconds;
  const std::int64_t seconds =
      std::int64_t{profile.usual_generation_seconds} * request.duration / base;
  return static_cast<int>(std::min<std::int64_t>(seconds, G_MAXINT));
}

}  // namespace modelverse::api
