// SPDX-License-Identifier: LGPL-2.1-or-later
// Parses and formats sizes, ages and days.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelverse::tool {

// "1500000", "500K", "1.5G": K, M, G and T are powers of 1024, as in ls -h and du -h; KB, MB, GB
// and TB are powers of 1000. Empty when invalid or too large.
std::optional<std::uint64_t> read_size(std::string_view text);

// "90s", "5m", "36h", "30d", "6w", in seconds; the unit is required, except for 0.
std::optional<std::int64_t> read_age(std::string_view text);

// "2026-11-30" or "2026-11".
bool is_day_or_month(const std::string& text);

// "4.3 MB", in powers of 1000; "-" for 0.
std::string show_size(std::uint64_t bytes);

// "45s", "12m", "3h", "4d", "10w": whole units, the largest unit with a value of at least two. A
// negative age, after a clock change, is 0.
std::string show_age(std::int64_t seconds);

}  // namespace modelverse::tool
