// SPDX-License-Identifier: LGPL-2.1-or-later
// Joins sentences as the user's language does.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "glib/text.h"

namespace modelverse {

// The first may end in a service's message, which may be in any language and have no full stop.
inline std::string two_sentences(const std::string& first, const std::string& second) {
  constexpr std::array<std::string_view, 6> ends = {".", "!", "?", "。", "！", "？"};
  const bool is_ended =
      std::ranges::any_of(ends, [&](std::string_view end) { return first.ends_with(end); });
  if (is_ended)
    return format_text(C_("one sentence after another", "%s %s"), first.c_str(), second.c_str());
  // Translators: the first has no full stop.
  return format_text(C_("one sentence after another", "%s. %s"), first.c_str(), second.c_str());
}

}  // namespace modelverse
