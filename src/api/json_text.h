// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes values as JSON text, and reads lists and objects from it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace modelverse::api {

// Of this many bytes, encoded.
constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

enum class JsonLayout { compact, readable };
// Keeps the order of members. Values that JSON does not have (NaN, infinity) become null.
// `expected_size`: memory to begin with.
std::string write_json(const Object& object, JsonLayout layout = JsonLayout::compact,
                       std::size_t expected_size = 0);
std::string write_json(const Array& items, JsonLayout layout = JsonLayout::compact);

// Readable, with a newline at the end. Unprintable characters are escaped, so that the text is safe
// for a terminal.
std::string json_text(const Array& items);

// Nothing unless `text` is one JSON array of strings. They may be data: URIs.
std::optional<std::vector<std::string>> texts_from_json(std::string_view text);
// Nothing unless `text` is one JSON object of at most 64 KiB and 32 levels whose integers fit into
// 64 bits.
std::optional<Object> object_from_json(std::string_view text);

}  // namespace modelverse::api
