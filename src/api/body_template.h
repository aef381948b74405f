// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body with placeholders: a string in it that is exactly one of those below is replaced
// by the value. In a list, the item that contains "{reference}" is repeated for each reference
// picture; elsewhere it stands for the only one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/shared_text.h"
#include "core/value.h"

namespace modelverse::api {

inline constexpr std::string_view picture_placeholder = "{picture}";
inline constexpr std::string_view media_type_placeholder = "{media-type}";
inline constexpr std::string_view last_picture_placeholder = "{last-picture}";
inline constexpr std::string_view last_media_type_placeholder = "{last-media-type}";
inline constexpr std::string_view reference_placeholder = "{reference}";
inline constexpr std::string_view reference_media_type_placeholder = "{reference-media-type}";
inline constexpr std::string_view prompt_placeholder = "{prompt}";
inline constexpr std::string_view negative_prompt_placeholder = "{negative-prompt}";
inline constexpr std::string_view resolution_placeholder = "{resolution}";
inline constexpr std::string_view size_placeholder = "{size}";
inline constexpr std::string_view aspect_ratio_placeholder = "{aspect-ratio}";
inline constexpr std::string_view duration_placeholder = "{duration}";
inline constexpr std::string_view seed_placeholder = "{seed}";
inline constexpr std::string_view audio_placeholder = "{audio}";

struct PictureValues {
  std::optional<Value> picture = {};
  std::optional<std::string> media_type = {};
};

struct PlaceholderValues {
  PictureValues first = {};
  PictureValues last = {};
  std::vector<PictureValues> references = {};
  SharedText prompt = {};  // empty: none
  SharedText negative_prompt = {};
  std::optional<std::string> resolution = {};
  std::optional<std::string> size = {};
  std::optional<std::string> aspect_ratio = {};
  std::optional<std::int64_t> duration = {};
  std::optional<std::int64_t> seed = {};
  std::optional<Value> audio = {};
};

// Fills one section of the body ("input", "parameters"). A placeholder without a value removes the
// whole member of the section that holds it; in a list, only the item.
Object fill(const Object& section, const PlaceholderValues& values);

bool is_placeholder(std::string_view text);
// Returns a string that looks like a placeholder but is unknown, such as "{promt}"; empty: none.
std::string find_unknown_placeholder(const Object& body);
// All placeholders, as in an error: "{picture}, {media-type}, ...".
std::string list_placeholders();
int count_placeholders(const Object& body, std::string_view placeholder);
// False: a "{reference}" is not inside a list, where there is no place for a second one.
bool are_references_in_lists(const Object& body);

// The position of a placeholder, such as "input", "image", "input.image.bytesBase64Encoded". A list
// is written as "input.content[]". All empty: not found.
struct PlaceholderPosition {
  std::string section;
  std::string member;  // of the section
  std::string path;
};
PlaceholderPosition find_placeholder(const Object& body, std::string_view placeholder);

}  // namespace modelverse::api
