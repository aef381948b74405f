// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes and ages as people write and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelverse::tool {

// "1500000", "500K", "1.5G": K, M, G and T are powers of 1024, as with ls -h and du -h; KB, MB, GB
// and TB powers of 1000. Nothing where it is no size, or none that fits.
std::optional<std::uint64_t> read_size(std::string_view text);

// "90s", "5m", "36h", "30d", "6w", as seconds; a number alone is no age, but for 0.
std::optional<std::int64_t> read_age(std::string_view text);

// "4.3 MB", in powers of 1000; "-" for 0.
std::string show_size(std::uint64_t bytes);

// "45s", "12m", "3h", "4d", "10w": the largest unit of which there are two, whole ones. Less than
// nothing, by a clock that went back, is nothing.
std::string show_age(std::int64_t seconds);

}  // namespace modelverse::tool
