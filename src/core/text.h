// SPDX-License-Identifier: LGPL-2.1-or-later
// Text that came from elsewhere, made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modelverse {

// Control characters become '?'; at most `max_bytes`, cut at a UTF-8 character, "..." behind a cut.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace modelverse
