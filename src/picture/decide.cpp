// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides whether and how to change a picture.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "glib/text.h"
#include "picture/change.h"
#include "picture/facts.h"
#include "picture/fit.h"

namespace modelverse::picture {
namespace {

// The types that every model accepts, unless its row has others.
std::vector<std::string> taken_types(const PictureRules& rules) {
  return rules.media_types.empty() ? std::vector<std::string>{"image/jpeg", "image/png"}
                                   : rules.media_types;
}

bool is_taken(const PictureRules& rules, const std::string& type) {
  const auto types = taken_types(rules);
  return std::find(types.begin(), types.end(), type) != types.end();
}

Error outside_limits(FrameSize size, const PictureRules& rules) {
  const auto pixels = to_text(size);
  char aspect[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(aspect, sizeof aspect, "%.2f", rules.max_aspect);
  auto text =
      rules.max_aspect == 0
          ? format_text(_("The picture has %s pixels, and the model requires sides of %d pixels or "
                          "more. Change it, or set image-fit=crop or pad."),
                        pixels.c_str(), rules.min_side)
      : rules.min_side == 0
          ? format_text(_("The picture has %s pixels, and the model requires a longer side of up "
                          "to %s times the shorter. Change it, or set image-fit=crop or pad."),
                        pixels.c_str(), aspect)
          : format_text(_("The picture has %s pixels, and the model requires sides of %d pixels or "
                          "more and a longer side of up to %s times the shorter. Change it, or set "
                          "image-fit=crop or pad."),
                        pixels.c_str(), rules.min_side, aspect);
  return settings_error(std::move(text), "image-fit=none: outside the model's limits");
}

// image-fit=none: the picture is sent unchanged or refused. The service decides about exact sizes.
Result<Decision> decide_untouched(const PictureBytes& picture, const PictureRules& rules) {
  if (rules.max_bytes > 0 && picture.bytes.size() > rules.max_bytes)
    return settings_error(
        format_text(_("The picture has %s bytes, and the model accepts up to %s. Change it, or set "
                      "image-fit=crop or pad."),
                    std::to_string(picture.bytes.size()).c_str(),
                    std::to_string(rules.max_bytes).c_str()),
        "image-fit=none: too many bytes");
  if (!rules.media_types.empty() && !is_taken(rules, picture.media_type))
    return settings_error(
        format_text(
            _("The model does not accept %s. Change the picture, or set image-fit=crop or pad."),
            picture.media_type.c_str()),
        "image-fit=none: media type");
  const auto facts = inspect(picture);
  if (!facts)
    return Decision{};
  if (!is_within(facts->shown(), rules))
    return outside_limits(facts->shown(), rules);
  return Decision{{}, facts->shown()};
}

FrameSize size_for(FrameSize shown, const PictureRules& rules, ImageFit fit) {
  if (fit == ImageFit::none)
    return shown;
  return rules.frame_sizes.empty() ? size_within(shown, rules, fit)
                                   : nearest_frame(shown, rules.frame_sizes);
}

bool is_ready(const PictureBytes& picture, const Facts& facts, const PictureRules& rules) {
  const auto& frames = rules.frame_sizes;
  const bool has_size =
      frames.empty() ? is_within(facts.shown(), rules)
                     : std::find(frames.begin(), frames.end(), facts.shown()) != frames.end();
  return has_size && facts.is_plain && facts.orientation == 1 &&
         is_taken(rules, picture.media_type) &&
         (rules.max_bytes == 0 || picture.bytes.size() <= rules.max_bytes);
}

// Larger pictures are not decoded. A JPEG may be larger, since it is decoded at a reduced size.
constexpr std::uint64_t max_pixels = std::uint64_t{128} << 20;

Error too_many_pixels(FrameSize size, std::uint64_t most) {
  return settings_error(
      format_text(_("The picture is too large: it has %s pixels, and the limit is %d million. Make "
                    "it smaller."),
                  to_text(size).c_str(), static_cast<int>(most >> 20)),
      "decide_change: " + to_text(size));
}

constexpr std::string_view way_of_scale = "scale";
constexpr std::string_view way_of_crop = "crop";
constexpr std::string_view way_of_pad = "pad";

// The same word for changes with the same result.
std::string_view way_of(const Change& change) {
  const auto layout = lay_out(change.before, change.after, change.fit);
  if (layout.scaled == layout.canvas)
    return way_of_scale;
  return change.fit == ImageFit::pad ? way_of_pad : way_of_crop;
}

}  // namespace

std::string Change::text() const {
  return "fit 1 " + std::string(way_of(*this)) + " " + to_text(after);
}

Result<Decision> decide_change(const PictureBytes& picture, const PictureRules& rules,
                               ImageFit fit) {
  if (fit == ImageFit::none && !is_raw(picture))
    return decide_untouched(picture, rules);
  const auto facts = inspect(picture);
  if (!facts)
    return facts.error();
  const auto shown = facts->shown();
  if (is_ready(picture, *facts, rules))
    return Decision{{}, shown};
  if (picture.media_type != "image/jpeg" && pixels_in(facts->stored) > max_pixels)
    return too_many_pixels(facts->stored, max_pixels);
  const auto size = size_for(shown, rules, fit);
  if (pixels_in(size) > max_pixels / 2)
    return too_many_pixels(size, max_pixels / 2);
  return Decision{Change{shown, size, fit == ImageFit::pad ? ImageFit::pad : ImageFit::crop}, size};
}

std::optional<Error> change_warning(const PictureBytes& before, const Change& change,
                                    const PictureBytes& after) {
  const auto facts = inspect(after);
  const auto size = facts ? facts->shown() : change.after;
  if (is_raw(before) && change.before == size)
    return {};
  const char* format =
      change.before == size
          ? _("The picture was encoded again: it is %s (%s) and is sent as %s (%s), to meet the "
              "model's rules. See image-fit.")
      : way_of(change) == way_of_pad
          ? _("The picture was padded: it is %s (%s) and is sent as %s (%s), to meet the model's "
              "rules. See image-fit.")
      : way_of(change) == way_of_scale
          ? _("The picture was scaled: it is %s (%s) and is sent as %s (%s), to meet the model's "
              "rules. See image-fit.")
          : _("The picture was cropped: it is %s (%s) and is sent as %s (%s), to meet the model's "
              "rules. See image-fit.");
  return settings_error(
      format_text(format, to_text(change.before).c_str(), type_name(before).c_str(),
                  to_text(size).c_str(), after.media_type.c_str()),
      change.text() + ", " + std::to_string(after.bytes.size()) + " bytes");
}

}  // namespace modelverse::picture
