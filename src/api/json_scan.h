// SPDX-License-Identifier: LGPL-2.1-or-later
// A look over foreign JSON text before json-glib sees it.
#pragma once

#include <cstddef>
#include <string_view>

namespace modelverse::api {

// json-glib 1.6 must not be handed text as it comes: it recurses once for each level of nesting,
// ends a string at an escaped NUL, reads past the closing quote after a lone high surrogate, takes
// comments, single quotes, `var x =`, hexadecimal and octal numbers and several values in a row,
// accepts no text at all, and lets integers of more than 64 bits wrap. What is refused here is all
// that would let it see another structure than this scanner; the rest of the grammar is left to it.
struct ScanLimits {
  std::size_t max_bytes;
  int max_depth;
};

struct JsonScan {
  const char* problem = nullptr;     // nullptr: json-glib may read it; holds nothing of the text
  std::size_t problem_position = 0;  // in bytes
  std::size_t root_members = 0;      // as written, a name that stands twice counted twice
  bool has_wide_integer = false;     // one that does not fit into 64 bits
};

JsonScan scan_json(std::string_view text, ScanLimits limits);

}  // namespace modelverse::api
