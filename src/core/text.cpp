// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes text printable.
#include "core/text.h"

#include <algorithm>

namespace modelverse {

std::string printable(std::string_view text, std::size_t max_bytes) {
  auto end = std::min(text.size(), max_bytes);
  // A byte 10xxxxxx continues an earlier character.
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  std::string shown(text.substr(0, end));
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (end < text.size())
    shown += "...";
  return shown;
}

}  // namespace modelverse
