// SPDX-License-Identifier: LGPL-2.1-or-later
// RFC 9110, 10.2.3: Retry-After, in seconds or as a date.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "http/transport.h"

namespace modelverse::http {

// The requested delay from `unix_now`; never negative. Nothing if the header is absent or
// unreadable.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response,
                                                std::int64_t unix_now);

}  // namespace modelverse::http
