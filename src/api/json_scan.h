// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks untrusted JSON text before json-glib parses it.
#pragma once

#include <cstddef>
#include <string_view>

namespace modelverse::api {

// json-glib 1.6 is not safe with untrusted text: it recurses for each level of nesting, ends a
// string at an escaped NUL, reads past the closing quote after a lone high surrogate, accepts
// comments, single quotes, `var x =`, hexadecimal and octal numbers, several values in a row and
// empty text, and wraps integers of more than 64 bits. The scanner refuses all text that json-glib
// would parse into another structure; json-glib checks the rest of the grammar.
struct ScanLimits {
  std::size_t max_bytes;
  int max_depth;
  // Commas, colons, arrays and objects. More than any response has: json-glib walks an object's
  // members for each repeated name, which takes quadratic time for hostile text.
  std::size_t max_values = 10'000;
};

struct JsonScan {
  // nullptr: safe for json-glib. Contains no part of the text. English, for gettext.
  const char* problem = nullptr;
  std::size_t problem_position = 0;  // in bytes
  std::size_t root_members = 0;      // as written: a repeated name counts each time
  bool has_wide_integer = false;     // one that does not fit into 64 bits
};

JsonScan scan_json(std::string_view text, ScanLimits limits);

}  // namespace modelverse::api
