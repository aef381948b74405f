// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body with placeholders in it: a string that is nothing but "{picture}",
// "{media-type}",
// "{prompt}", "{resolution}" or "{duration}" is where that value goes, wherever it stands.
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

// One section of the body ("input", "parameters"). What holds a placeholder without a value is left
// out: a member of the section whole, of a list the one item.
Object fill(const Object& section, const PlaceholderValues& values);

bool is_placeholder(std::string_view text);
// A string that looks like a placeholder and is none, such as "{promt}"; empty: there is none.
std::string find_unknown_placeholder(const Object& body);
// How often this placeholder occurs.
int count_placeholders(const Object& body, std::string_view placeholder);

// Where a placeholder is: "input", "image" and "input.image.bytesBase64Encoded". A list shows as
// "input.content[]". All empty: nowhere.
struct PlaceholderPosition {
  std::string section;
  std::string member;  // of the section
  std::string path;
};
PlaceholderPosition find_placeholder(const Object& body, std::string_view placeholder);

}  // namespace modelverse::api
