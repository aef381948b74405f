// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit request as a value, the source of its text and its key.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/profile.h"
#include "core/request.h"
#include "core/value.h"

namespace modelverse::api {

// A picture whose bytes are sent; `index` as in pictures_of().
struct SentPicture {
  std::size_t index;
  const PictureBytes* bytes;
};

// The pictures whose bytes are sent: no links, and none that an extra replaces.
std::vector<SentPicture> sent_pictures(const Profile& profile, const Request& request);

// What is in the body besides the row's template.
struct BodyParts {
  // The bytes of pictures, by index as in pictures_of(). Empty: they are left out.
  std::vector<std::optional<Value>> pictures = {};
  std::string external_id = {};  // empty: none
  bool has_unkeyed = false;      // with the members that are no part of the key
};

// The body, with extras merged. A link is used unchanged.
Object submit_body(const Profile& profile, const Request& request, const BodyParts& parts);

// The caller's id of the task, if the model has a field for it: the user's id from an extra, else
// `fresh`. Empty: the model has no field, or the extra is not a valid id.
std::string choose_external_id(const Profile& profile, const Request& request, std::string fresh);

// The placeholder of a picture's role.
std::string_view placeholder_of(PictureRole role);

// Whether an extra replaces this placeholder of the profile's body.
bool is_replaced(const Profile& profile, const Request& request, std::string_view placeholder);

// Returns data_uri or base64.
ImageEncoding sent_encoding(const Profile& profile, const Request& request);
// The prefix of the picture's Base64: "data:image/png;base64,", or empty.
std::string picture_prefix(const Profile& profile, const Request& request,
                           const PictureBytes& picture);

}  // namespace modelverse::api
