// SPDX-License-Identifier: LGPL-2.1-or-later
// The protocol of the plugin and modelverse-picture-helper: one request on the helper's stdin, one
// response on its stdout. Both have the same format, in the machine's byte order:
//
//   8 bytes  "mvpict2\n"; the digit is the version of this protocol
//   4 bytes  size of the header
//   8 bytes  size of the body
//   header   a GVariant:
//            request   (s(ii)ba(ii)astid): media type; width and height of the picture to make;
//                      whether to pad, else crop; then PictureRules
//            response  (is): 0 or a HelperFault + 1, the debug text of the error
//   body     the picture: unchanged in the request, encoded in the response; empty with an error
//
// Neither side trusts the other: any other message is an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/request.h"
#include "picture/change.h"
#include "picture/helper_fault.h"

namespace modelverse::picture {

inline constexpr std::size_t helper_prefix_bytes = 20;
inline constexpr std::size_t max_helper_head_bytes = 64 << 10;

struct HelperPrefix {
  std::uint32_t head_bytes = 0;
  std::uint64_t body_bytes = 0;
};
// Nothing: fewer than helper_prefix_bytes, not a message, or the header is too large.
std::optional<HelperPrefix> read_helper_prefix(std::string_view bytes);

struct HelperRequest {
  PictureBytes picture;
  Change change;
  PictureRules rules;
};

// Prefix and header. The picture's bytes are large and sent separately, after it.
std::string helper_request_start(const PictureBytes& picture, const Change& change,
                                 const PictureRules& rules);
std::optional<HelperRequest> read_helper_request(std::string_view head, std::string body);

std::string helper_response_start(const HelperResult<PictureBytes>& made);
// Reads a complete message. The picture must be JPEG or PNG, by its bytes. Nothing: not a response.
std::optional<HelperResult<PictureBytes>> read_helper_response(std::string_view message);

}  // namespace modelverse::picture
