// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides whether and how to change a picture.
#include <algorithm>
#include <cstdint>

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

std::string two_digits(double number) {
  const auto hundredths = std::to_string(static_cast<long>(number * 100 + 0.5));
  return hundredths.size() < 3 ? hundredths
                               : hundredths.substr(0, hundredths.size() - 2) + "." +
                                     hundredths.substr(hundredths.size() - 2);
}

std::string limits_of(const PictureRules& rules) {
  std::string text;
  if (rules.min_side > 0)
    text += " sides of " + std::to_string(rules.min_side) + " pixels or more";
  if (rules.max_aspect > 0)
    text += std::string(text.empty() ? "" : " and") + " a longer side of up to " +
            two_digits(rules.max_aspect) + " times the shorter";
  return text;
}

// image-fit=none: the picture is sent unchanged or refused. The service decides about exact sizes.
Result<Decision> decide_untouched(const PictureBytes& picture, const PictureRules& rules) {
  constexpr const char* way_out = " Change it, or set image-fit=crop or pad.";
  if (rules.max_bytes > 0 && picture.bytes.size() > rules.max_bytes)
    return settings_error("The picture has " + std::to_string(picture.bytes.size()) +
                              " bytes, and the model accepts up to " +
                              std::to_string(rules.max_bytes) + "." + way_out,
                          "image-fit=none: too many bytes");
  if (!rules.media_types.empty() && !is_taken(rules, picture.media_type))
    return settings_error("The model does not accept " + picture.media_type + "." + way_out,
                          "image-fit=none: media type");
  const auto facts = inspect(picture);
  if (!facts)
    return Decision{};
  if (!is_within(facts->shown(), rules))
    return settings_error("The picture has " + to_text(facts->shown()) +
                              " pixels, and the model requires" + limits_of(rules) + "." + way_out,
                          "image-fit=none: outside the model's limits");
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
  return settings_error("The picture is too large: it has " + to_text(size) +
                            " pixels, and the limit is " + std::to_string(most >> 20) +
                            " million. Make it smaller.",
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
  const std::string done = change.before == size            ? "encoded again"
                           : way_of(change) == way_of_pad   ? "padded"
                           : way_of(change) == way_of_scale ? "scaled"
                                                            : "cropped";
  const auto type = is_raw(before) ? std::string(raw_type) : before.media_type;
  return settings_error("The picture was " + done + ": it is " + to_text(change.before) + " (" +
                            type + ") and is sent as " + to_text(size) + " (" + after.media_type +
                            "), to meet the model's rules. See image-fit.",
                        change.text() + ", " + std::to_string(after.bytes.size()) + " bytes");
}

}  // namespace modelverse::picture
