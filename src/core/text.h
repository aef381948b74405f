// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes foreign text fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modelverse {

// Replaces control characters by '?' and cuts after at most `max_bytes`, between UTF-8 characters;
// "..." marks the cut.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace modelverse
