// SPDX-License-Identifier: LGPL-2.1-or-later
// Range requests and Content-Range responses (RFC 9110, 13.1.5 and 14.4: "bytes 0-499/1234").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "http/transport.h"

namespace modelverse::job {

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;  // empty for "*"
};

// Headers that request the bytes after the first `have` bytes of the version in the record.
std::vector<http::Header> resume_headers(std::uint64_t have, const Record& record);

std::optional<ContentRange> parse_content_range(std::string_view text);

// A non-negative decimal number that is the whole of `text`.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace modelverse::job
