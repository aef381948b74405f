// SPDX-License-Identifier: LGPL-2.1-or-later
// RFC 9110, 10.2.3: Retry-After, in seconds or as a date.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "http/transport.h"

namespace modelverse::http {

// How long the server wishes us to wait from `unix_now` on; never negative. Nothing when the header
// is absent or unreadable.
std::optional<std::chrono::seconds> retry_after(const Response& response, std::int64_t unix_now);

}  // namespace modelverse::http
