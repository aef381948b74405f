// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body with holes in it: a string that is nothing but "{picture}", "{media-type}",
// "{prompt}", "{resolution}" or "{duration}" is where that value goes, wherever it stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.h"

namespace modelverse::api {

inline constexpr std::string_view picture_hole = "{picture}";
inline constexpr std::string_view media_type_hole = "{media-type}";
inline constexpr std::string_view prompt_hole = "{prompt}";
inline constexpr std::string_view resolution_hole = "{resolution}";
inline constexpr std::string_view duration_hole = "{duration}";

struct Filling {
  std::optional<std::string> picture;
  std::optional<std::string> media_type;
  std::optional<std::string> prompt;
  std::optional<std::string> resolution;
  std::optional<std::int64_t> duration;
};

// One section of the body ("input", "parameters"). What holds a hole without a value is left out: a
// member of the section whole, of a list the one item.
Object fill(const Object& section, const Filling& filling);

bool is_hole(std::string_view text);
// A string that looks like a hole and is none, such as "{promt}"; empty: there is none.
std::string find_unknown_hole(const Object& body);
// How often this hole occurs.
int count_holes(const Object& body, std::string_view hole);

// Where a hole is: "input", "image" and "input.image.bytesBase64Encoded". A list shows as
// "input.content[]". All empty: nowhere.
struct HolePlace {
  std::string section;
  std::string member;  // of the section
  std::string path;
};
HolePlace find_hole(const Object& body, std::string_view hole);

}  // namespace modelverse::api
