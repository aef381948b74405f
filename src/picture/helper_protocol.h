// SPDX-License-Identifier: LGPL-2.1-or-later
// What the plugin and modelverse-picture-helper send each other: one request on the helper's
// stdin, one response on its stdout. Both have the same form, in the machine's byte order:
//
//   8 bytes  "mvpict1\n"; another version of this protocol has another number
//   4 bytes  size of the head
//   8 bytes  size of the body
//   head     a GVariant:
//            request   (s(ii)ba(ii)astid): media type; width and height of the picture to make;
//                      whether it is padded, else cropped; then PictureRules
//            response  (iss): 0 or an ErrorCode + 1, the error's text and debug text
//   body     the picture: of the request as it is, of the response encoded; empty with an error
//
// Neither side trusts the other: whatever is no such message is an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/request.h"
#include "core/result.h"
#include "picture/change.h"

namespace modelverse::picture {

inline constexpr std::size_t helper_prefix_bytes = 20;
inline constexpr std::size_t max_helper_head_bytes = 64 << 10;

struct HelperPrefix {
  std::uint32_t head_bytes = 0;
  std::uint64_t body_bytes = 0;
};
// Nothing: fewer than helper_prefix_bytes, no message, or a head that is too large.
std::optional<HelperPrefix> read_helper_prefix(std::string_view bytes);

struct HelperRequest {
  PictureBytes picture;
  Change change;
  PictureRules rules;
};

// Prefix and head; the picture's bytes, which are large, are sent behind it.
std::string helper_request_start(const PictureBytes& picture, const Change& change,
                                 const PictureRules& rules);
std::optional<HelperRequest> read_helper_request(std::string_view head, std::string body);

std::string helper_response_start(const Result<PictureBytes>& made);
// A whole message. A picture is recognised by its bytes, as JPEG or PNG. Nothing: no response.
std::optional<Result<PictureBytes>> read_helper_response(std::string_view message);

}  // namespace modelverse::picture
