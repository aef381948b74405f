// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit request as a value, the source of its text and its key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/profile.h"
#include "core/request.h"
#include "core/value.h"

namespace modelverse::api {

// The body, with extras merged. The large bytes of a picture are never in a Value: `picture`
// replaces them; nullopt: nothing does. A link is used unchanged. `external_id`: see
// encode_submit().
Object submit_body(const Profile& profile, const Request& request,
                   const std::optional<std::string>& picture, const std::string& external_id = {});

// Whether an extra replaces this placeholder of the profile's body.
bool is_replaced(const Profile& profile, const Request& request, std::string_view placeholder);

// The bytes to send, or nullptr: no picture, a link, or an extra in its place.
const PictureBytes* sent_picture(const Profile& profile, const Request& request);

// Returns data_uri or base64.
ImageEncoding sent_encoding(const Profile& profile, const Request& request);
// The prefix of the picture's Base64: "data:image/png;base64,", or empty.
std::string picture_prefix(const Profile& profile, const Request& request,
                           const PictureBytes& picture);

}  // namespace modelverse::api
