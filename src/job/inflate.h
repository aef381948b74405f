// SPDX-License-Identifier: LGPL-2.1-or-later
// Responses that were packed although nobody asked for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace modelverse::job {

// `body` as it was before its Content-Encoding (gzip, deflate); no more than a byte beyond `limit`,
// however much there is. Nothing where it is not of that encoding, or the encoding is another.
std::optional<std::string> inflate(std::string_view body, std::string_view encoding,
                                   std::size_t limit);

}  // namespace modelverse::job
