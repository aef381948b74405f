// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/price.h"

#include <algorithm>
#include <string_view>

#include "api/body_template.h"
#include "api/profile.h"

namespace modelverse::api {
namespace {

// Members of `parameters` and `input` that no price of the vendor's page depends on.
constexpr std::string_view free_members[] = {"seed", "negative_prompt", "watermark",
                                             "prompt_extend", "prompt_optimizer"};

constexpr std::int64_t longest_duration = 3600;  // s; that of the duration property

// What the price depends on, as it is sent.
struct Sent {
  std::string resolution;
  std::int64_t duration;
  bool has_audio;  // false for a model without a switch for the sound
  bool has_references;
};

bool is_at(const Profile& profile, std::string_view placeholder, std::string_view section,
           const std::string& member) {
  const auto place = find_placeholder(profile.body, placeholder);
  return place.section == section && place.member == member;
}

// Applies an extra. False: the price may depend on it, nobody knows how.
bool apply(const Profile& profile, std::string_view section, const Member& extra, Sent& sent) {
  const auto& [name, value] = extra;
  if (is_at(profile, resolution_placeholder, section, name)) {
    const auto* text = std::get_if<std::string>(&value.data);
    sent.resolution = text ? *text : "";
    return text;
  }
  if (is_at(profile, duration_placeholder, section, name)) {
    const auto* seconds = std::get_if<std::int64_t>(&value.data);
    sent.duration = seconds ? *seconds : 0;
    return sent.duration > 0 && sent.duration <= longest_duration;
  }
  return is_at(profile, prompt_placeholder, section, name) ||
         is_at(profile, picture_placeholder, section, name) || name == profile.external_id ||
         std::find(std::begin(free_members), std::end(free_members), name) !=
             std::end(free_members);
}

std::optional<Sent> sent_values(const Profile& profile, const Request& request) {
  Sent sent{sent_resolution(profile, request), sent_duration(profile, request),
            audio_state(profile, request) == Audio::on, !request.references.empty()};
  for (const auto& extra : request.extra_input)
    if (!apply(profile, "input", extra, sent))
      return {};
  for (const auto& extra : request.extra_parameters)
    if (!apply(profile, "parameters", extra, sent))
      return {};
  return sent;
}

bool applies(const PriceCase& one, const Sent& sent) {
  const bool has_resolution =
      one.resolutions.empty() ||
      std::any_of(one.resolutions.begin(), one.resolutions.end(),
                  [&](const std::string& name) { return is_same_name(name, sent.resolution); });
  return has_resolution && one.audio.value_or(sent.has_audio) == sent.has_audio &&
         one.references.value_or(sent.has_references) == sent.has_references &&
         (one.durations.empty() ||
          std::count(one.durations.begin(), one.durations.end(), sent.duration) > 0);
}

// `duration` is one of the case's.
std::int64_t a_clip(const PriceCase& one, std::int64_t duration) {
  if (one.micros_a_clip.size() <= 1)
    return one.micros_a_clip.empty() ? 0 : one.micros_a_clip.front();
  const auto place = std::find(one.durations.begin(), one.durations.end(), duration);
  return one.micros_a_clip[static_cast<std::size_t>(place - one.durations.begin())];
}

}  // namespace

std::optional<Money> estimate_cost(const Profile& profile, const Request& request) {
  if (!profile.price)
    return {};
  const auto sent = sent_values(profile, request);
  if (!sent)
    return {};
  const auto& cases = profile.price->cases;
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [&](const PriceCase& one) { return applies(one, *sent); });
  // The price of a second is none without the number of seconds.
  if (found == cases.end() || (found->micros_per_second > 0 && sent->duration <= 0))
    return {};
  return Money{a_clip(*found, sent->duration) + found->micros_per_second * sent->duration,
               profile.price->currency};
}

}  // namespace modelverse::api
