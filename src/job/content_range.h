// SPDX-License-Identifier: LGPL-2.1-or-later
// Asking for the rest, and reading which part came (RFC 9110, 13.1.5 and 14.4: "bytes 0-499/1234").
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
  std::optional<std::uint64_t> total;  // nothing for "*"
};

// Of a request for what is behind the first `have` bytes of the version that the record names.
std::vector<http::Header> resume_headers(std::uint64_t have, const Record& record);

std::optional<ContentRange> parse_content_range(std::string_view text);

// A non-negative decimal number that is the whole of `text`.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace modelverse::job
