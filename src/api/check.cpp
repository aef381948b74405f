// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/check.h"

#include <glib.h>

#include <cmath>
#include <string>
#include <utility>

#include "api/body_template.h"
#include "api/printable.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/text.h"

namespace modelverse::api {
namespace {

// A task's record contains these texts. A record above 1 MiB is not read, and escaping turns one
// byte into up to six.
constexpr std::size_t max_text_bytes = 128 << 10;

bool is_text(const std::string& text) {
  return g_utf8_validate_len(text.data(), text.size(), nullptr);
}

// Checks that JSON can represent the value: UTF-8, finite numbers, bounded nesting. Empty: it can.
// `name` is the member's name, for the text, which follows a colon.
std::string find_fault(const Value& value, const std::string& name, int depth);

std::string find_fault(const Object& object, int depth) {
  if (depth > max_json_depth)
    return _("it is nested too deep");
  for (const auto& [name, member] : object) {
    if (!is_text(name))
      return _("it has a name that is not UTF-8");
    if (auto fault = find_fault(member, name, depth + 1); !fault.empty())
      return fault;
  }
  return {};
}

std::string find_fault(const Value& value, const std::string& name, int depth) {
  if (depth > max_json_depth)
    return _("it is nested too deep");
  if (const auto* text = std::get_if<std::string>(&value.data); text && !is_text(*text))
    return format_text(_("its member %s is text that is not UTF-8"), name.c_str());
  if (const auto* number = std::get_if<double>(&value.data); number && !std::isfinite(*number))
    return format_text(_("its member %s is a number that JSON cannot represent (not finite)"),
                       name.c_str());
  // GStreamer parses 16:9 as a set of flags, and 16/9 as a fraction.
  if (const auto* foreign = std::get_if<Foreign>(&value.data))
    return format_text(_("its member %s is a %s, which JSON does not have (a text such as 16:9 "
                         "needs its type in front: %s=(string)16:9)"),
                       name.c_str(), foreign->type.c_str(), name.c_str());
  if (const auto* object = std::get_if<Object>(&value.data))
    return find_fault(*object, depth);
  if (const auto* items = std::get_if<Array>(&value.data))
    for (const auto& item : *items)
      if (auto fault = find_fault(item, name, depth + 1); !fault.empty())
        return fault;
  return {};
}

Status check_texts(const Request& request) {
  if (request.model.empty())
    return settings_error(_("No model is set: set model, or leave it at its default."),
                          "model is empty", "model");
  std::size_t size = 0;
  for (const auto& [property, text] :
       {std::pair("model", &request.model), std::pair("resolution", &request.resolution),
        std::pair("aspect-ratio", &request.aspect_ratio),
        std::pair("prompt", &request.prompt.str()),
        std::pair("negative-prompt", &request.negative_prompt.str())}) {
    if (!is_text(*text))
      return settings_error(
          format_text(_("%s is not UTF-8 text: convert it before setting it."), property),
          std::string(property) + " is not UTF-8", property);
    size += text->size();
  }
  if (size > max_text_bytes)
    return settings_error(
        format_text(_("The prompt is too long: with the other texts of the request it has %s "
                      "bytes, and the limit is %s."),
                    std::to_string(size).c_str(), std::to_string(max_text_bytes).c_str()),
        "prompt is too long", "prompt");
  const std::pair<const char*, const Object*> extras[] = {
      {"extra-input", &request.extra_input}, {"extra-parameters", &request.extra_parameters}};
  for (const auto& [property, extra] : extras)
    if (const auto fault = find_fault(*extra, 1); !fault.empty())
      return settings_error(format_text(_("%s cannot be sent: %s."), property, fault.c_str()),
                            std::string(property) + " is not JSON", property);
  return Done{};
}

Status check_length(const Request& request, const std::string& property, const std::string& text,
                    int most) {
  const auto length = g_utf8_strlen(text.data(), static_cast<gssize>(text.size()));
  if (most == 0 || length <= most)
    return Done{};
  const char* format = g_dngettext(
      GETTEXT_PACKAGE,
      "The model %s accepts a %s of up to %d character, and this one has %s: shorten it.",
      "The model %s accepts a %s of up to %d characters, and this one has %s: shorten it.",
      static_cast<gulong>(most));
  return settings_error(format_text(format, printable(request.model).c_str(), property.c_str(),
                                    most, std::to_string(length).c_str()),
                        property + " is too long", property);
}

Status check_prompt(const Profile& profile, const Request& request) {
  if (profile.needs_prompt && request.prompt.empty() &&
      !is_replaced(profile, request, prompt_placeholder))
    return settings_error(format_text(_("The model %s needs a prompt: set prompt."),
                                      printable(request.model).c_str()),
                          "prompt is empty", "prompt");
  return check_length(request, "prompt", request.prompt, profile.max_prompt);
}

Status check_negative_prompt(const Profile& profile, const Request& request) {
  return check_length(request, "negative-prompt", request.negative_prompt,
                      profile.max_negative_prompt);
}

Status check_resolution(const Profile& profile, const Request& request) {
  if (request.resolution.empty())
    return Done{};
  if (profile.resolutions.empty() || find_resolution(profile, request.resolution))
    return Done{};
  return settings_error(
      format_text(_("The model %s has no resolution '%s': set resolution to one of %s."),
                  printable(request.model).c_str(), printable(request.resolution).c_str(),
                  list_resolutions(profile).c_str()),
      "resolution is not in the model's list", "resolution");
}

// The resolutions that support this duration, if not all of them do.
std::string resolutions_with(const Profile& profile, int duration) {
  std::string names;
  for (const auto& one : profile.resolutions) {
    if (holds(durations_at(profile, one.name), duration))
      names += (names.empty() ? "" : _(", ")) + one.name;
  }
  return names;
}

Status check_duration(const Profile& profile, const Request& request) {
  const auto wished = request.duration;
  if (wished == 0)
    return Done{};
  const auto model = printable(request.model);
  const auto debug = "duration is not in the model's list";
  const auto& allowed = durations_at(profile, request.resolution);
  if (allowed.empty() && wished < 0)
    return settings_error(
        format_text(_("The model %s has no duration of %d s: set duration to a positive number."),
                    model.c_str(), wished),
        debug, "duration");
  if (allowed.empty() || holds(allowed, wished))
    return Done{};
  const auto elsewhere = resolutions_with(profile, wished);
  if (elsewhere.empty())
    return settings_error(
        format_text(_("The model %s has no duration of %d s: set duration to one of %s."),
                    model.c_str(), wished, list_durations(allowed).c_str()),
        debug, "duration");
  return settings_error(
      format_text(_("The model %s has no duration of %d s at %s: set duration to one of %s, or "
                    "resolution to one of %s."),
                  model.c_str(), wished, sent_resolution(profile, request).c_str(),
                  list_durations(allowed).c_str(), elsewhere.c_str()),
      debug, "duration");
}

Status check_aspect_ratio(const Profile& profile, const Request& request) {
  const auto ratios = aspect_ratios_at(profile, request.resolution);
  if (request.aspect_ratio.empty() || ratios.empty() || holds(ratios, request.aspect_ratio))
    return Done{};
  std::string names;
  for (const auto& ratio : ratios)
    names += (names.empty() ? "" : _(", ")) + ratio;
  return settings_error(
      format_text(_("The model %s has no aspect ratio '%s': set aspect-ratio to one of %s."),
                  printable(request.model).c_str(), printable(request.aspect_ratio).c_str(),
                  names.c_str()),
      "aspect-ratio is not in the model's list", "aspect-ratio");
}

Status check_seed(const Profile& profile, const Request& request) {
  if (request.seed == no_seed ||
      (request.seed >= profile.min_seed && request.seed <= profile.max_seed))
    return Done{};
  return settings_error(
      format_text(_("The model %s has no seed %s: set seed to a number from %s to %s, or to -1."),
                  printable(request.model).c_str(), std::to_string(request.seed).c_str(),
                  std::to_string(profile.min_seed).c_str(),
                  std::to_string(profile.max_seed).c_str()),
      "seed is outside the model's range", "seed");
}

Status check_audio(const Profile& profile, const Request& request) {
  const bool wants_on = request.audio == Audio::on;
  const auto& state = wants_on ? profile.audio.on : profile.audio.off;
  if (request.audio == Audio::automatic || state)
    return Done{};
  const char* format =
      wants_on ? _("The model %s makes clips without sound only: set audio to off or auto.")
               : _("The model %s makes clips with sound only: set audio to on or auto.");
  return settings_error(format_text(format, printable(request.model).c_str()),
                        "the model does not have this state of audio", "audio");
}

Error too_many_references(int most, const Request& request, std::size_t set) {
  const char* format = g_dngettext(
      GETTEXT_PACKAGE, "The model %s accepts up to %d reference picture, and %s are set.",
      "The model %s accepts up to %d reference pictures, and %s are set.",
      static_cast<gulong>(most));
  return settings_error(
      format_text(format, printable(request.model).c_str(), most, std::to_string(set).c_str()),
      "too many references", "reference-images");
}

}  // namespace

Status check_request(const Profile& profile, const Request& request) {
  if (Status texts = check_texts(request); !texts)
    return texts;
  for (const auto check : {check_prompt, check_negative_prompt, check_resolution, check_duration,
                           check_aspect_ratio, check_seed, check_audio})
    if (Status checked = check(profile, request); !checked)
      return checked;
  return Done{};
}

Status check_picture_use(const Profile& profile, const Request& request, const PictureRoles& given,
                         std::size_t references) {
  if (profile.max_references > 0 && references > static_cast<std::size_t>(profile.max_references))
    return too_many_references(profile.max_references, request, references);
  if (profile.references == PictureUse::required && !given.references &&
      !is_replaced(profile, request, reference_placeholder))
    return settings_error(
        format_text(_("The model %s needs reference pictures: set reference-images."),
                    printable(request.model).c_str()),
        "no references are set", "reference-images");
  if (given.first || profile.picture == PictureUse::none ||
      is_replaced(profile, request, picture_placeholder))
    return Done{};
  // An unknown model may accept a prompt without a picture.
  const bool is_told = !request.prompt.empty() || !request.extra_input.empty() ||
                       !request.extra_parameters.empty() || given.last || given.references;
  if (profile.picture == PictureUse::optional && is_told)
    return Done{};
  return settings_error(
      _("No picture: set image-path, image-uri or image-sample (or task-id to fetch the clip of an "
        "existing task)."),
      "no picture is set", "image");
}

}  // namespace modelverse::api
