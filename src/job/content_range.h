// SPDX-License-Identifier: LGPL-2.1-or-later
// RFC 9110, 14.4: "bytes 0-499/1234".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace modelverse::job {

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;  // nothing for "*"
};

std::optional<ContentRange> parse_content_range(std::string_view text);

// A non-negative decimal number that is the whole of `text`.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace modelverse::job
