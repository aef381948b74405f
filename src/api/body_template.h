// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body with placeholders. Any string in it that is exactly "{picture}", "{media-type}",
// "{prompt}", "{resolution}" or "{duration}" is replaced by that value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.h"

namespace modelverse::api {

inline constexpr std::string_view picture_placeholder = "{picture}";
inline constexpr std::string_view media_type_placeholder = "{media-type}";
inline constexpr std::string_view prompt_placeholder = "{prompt}";
inline constexpr std::string_view resolution_placeholder = "{resolution}";
inline constexpr std::string_view duration_placeholder = "{duration}";

struct PlaceholderValues {
  std::optional<std::string> picture;
  std::optional<std::string> media_type;
  std::optional<std::string> prompt;
  std::optional<std::string> resolution;
  std::optional<std::int64_t> duration;
};

// Fills one section of the body ("input", "parameters"). A placeholder without a value removes the
// whole member of the section that holds it; in a list, only the item.
Object fill(const Object& section, const PlaceholderValues& values);

bool is_placeholder(std::string_view text);
// Returns a string that looks like a placeholder but is unknown, such as "{promt}"; empty: none.
std::string find_unknown_placeholder(const Object& body);
int count_placeholders(const Object& body, std::string_view placeholder);

// The position of a placeholder, such as "input", "image", "input.image.bytesBase64Encoded". A list
// is written as "input.content[]". All empty: not found.
struct PlaceholderPosition {
  std::string section;
  std::string member;  // of the section
  std::string path;
};
PlaceholderPosition find_placeholder(const Object& body, std::string_view placeholder);

}  // namespace modelverse::api
