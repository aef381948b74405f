// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes foreign text safe for a message, a log or a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modelverse::api {

inline constexpr std::size_t max_message_bytes = 500;

// At most `max_bytes` bytes, cut between characters. Unprintable characters become spaces; links
// are shortened by without_links().
std::string printable(std::string_view text, std::size_t max_bytes = max_message_bytes);

// UTF-8 without control or format characters or line separators.
bool is_printable(std::string_view text);

}  // namespace modelverse::api
