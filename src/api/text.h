// SPDX-License-Identifier: LGPL-2.1-or-later
// Foreign text made fit for a message, a log or a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/request.h"

namespace modelverse::api {

inline constexpr std::size_t max_message_bytes = 500;

// At most `max_bytes` bytes, cut between characters; what cannot be printed becomes a space; of
// a link no more is left than without_links() leaves.
std::string printable(std::string_view text, std::size_t max_bytes = max_message_bytes);

// How a refusal begins that is the model\'s: "The model openai/sora-2/image-to-video-pro".
std::string the_model(const Request& request);

// UTF-8 without control or format characters or line separators.
bool is_printable(std::string_view text);

}  // namespace modelverse::api
