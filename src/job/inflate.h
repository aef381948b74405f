// SPDX-License-Identifier: LGPL-2.1-or-later
// Responses that are compressed although the request did not ask for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace modelverse::job {

// `body` decoded from its Content-Encoding (gzip, deflate), cut at `limit` + 1 bytes. Empty when
// `body` does not have that encoding, or the encoding is not supported.
std::optional<std::string> inflate(std::string_view body, std::string_view encoding,
                                   std::size_t limit);

}  // namespace modelverse::job
