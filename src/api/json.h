// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads untrusted JSON text, and looks up typed members.
//
// Not with json-glib: 1.6 recurses for each level of nesting, ends a string at an escaped NUL,
// reads past the closing quote after a lone high surrogate, accepts comments, single quotes,
// `var x =`, hexadecimal and octal numbers, several values in a row and empty text, and wraps
// integers of more than 64 bits. A check of the text before it would be a parser of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace modelverse::api {

struct JsonLimits {
  std::size_t max_bytes;
  int max_depth;
  std::size_t max_values = 10'000;  // more than any response has
};

// The text's object. A problem: the object is empty.
struct JsonDocument {
  JsonDocument() = default;
  // Not copied: `lines` has the addresses of members.
  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  Object root;
  std::map<const Member*, std::size_t> lines;  // of all members, from 1
  // Each member whose name occurs again in its object, where the last value counts.
  struct Repeated {
    std::string name;
    std::size_t line;
  };
  std::vector<Repeated> repeated;
  bool has_wide_integer = false;  // one that does not fit into 64 bits; it is a double

  // nullptr: none. Contains no part of the text, which may be secret. English, for gettext.
  const char* problem = nullptr;
  std::size_t line = 0;  // of the problem, from 1; also the column, in bytes
  std::size_t column = 0;
};

// RFC 8259, with two differences: a NUL in a string is refused; control characters that are not
// escaped are accepted, since some services send them.
JsonDocument read_json(std::string_view text, JsonLimits limits);

// A value of that type, or nothing.
std::optional<std::string> string_of(const Value& value);
std::optional<std::int64_t> integer_of(const Value& value);
std::optional<double> number_of(const Value& value);  // finite; integers as well
std::optional<bool> boolean_of(const Value& value);

// A member of that type, or nothing. `object` may be nullptr.
const Value* find_member(const Object* object, std::string_view name);  // nullptr: null as well
const Object* find_object(const Object* object, std::string_view name);
std::optional<std::string> find_string(const Object* object, std::string_view name);
std::optional<std::int64_t> find_integer(const Object* object, std::string_view name);
std::optional<double> find_number(const Object* object, std::string_view name);

}  // namespace modelverse::api
