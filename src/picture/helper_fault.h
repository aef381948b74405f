// SPDX-License-Identifier: LGPL-2.1-or-later
// Why modelverse-picture-helper made no picture. The helper does not know the user's language, and
// is not trusted: it sends a fault, and the plugin has the text for it.
#pragma once

#include <string>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

enum class HelperFault {
  undecodable,
  no_decoder,
  large_first_frame,
  not_convertible,
  no_memory,
  too_many_bytes,
  not_encodable,
};
inline constexpr int helper_fault_count = static_cast<int>(HelperFault::not_encodable) + 1;

struct HelperError {
  HelperFault fault = HelperFault::undecodable;
  std::string debug;
};

template <typename T>
using HelperResult = Result<T, HelperError>;

// The error for the user. `picture` and `rules` are those of the request.
Error user_error(const HelperError& error, const PictureBytes& picture, const PictureRules& rules);

}  // namespace modelverse::picture
