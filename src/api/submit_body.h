// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit request as a value, before it is text or a key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/profile.h"
#include "core/request.h"
#include "core/value.h"

namespace modelverse::api {

// The body, extras merged. The bytes of a picture are large and stand in no Value: `picture` stands
// in their place, or nothing where it is nullopt. A link is put in as it is. `external_id`: see
// encode_submit().
Object submit_body(const Profile& profile, const Request& request,
                   const std::optional<std::string>& picture, const std::string& external_id = {});

// Whether an extra stands where the profile's body has this placeholder.
bool is_replaced(const Profile& profile, const Request& request, std::string_view placeholder);

// The bytes that are sent, or nullptr: no picture, a link, or an extra that stands in its place.
const PictureBytes* sent_picture(const Profile& profile, const Request& request);

// data_uri or base64.
ImageEncoding sent_encoding(const Profile& profile, const Request& request);
// What stands before the picture's Base64: "data:image/png;base64,", or nothing.
std::string picture_prefix(const Profile& profile, const Request& request,
                           const PictureBytes& picture);

}  // namespace modelverse::api
