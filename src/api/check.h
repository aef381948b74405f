// SPDX-License-Identifier: LGPL-2.1-or-later
// What the model would refuse, refused before any money is spent.
#pragma once

#include <vector>

#include "api/profile.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::api {

// Refuses what the model does not have, listing what it has, a prompt that is missing or too long,
// and what JSON cannot say (ErrorCode::settings). Does not look at the picture, which may not be
// loaded yet.
Status check_request(const Profile& profile, const Request& request);

// Whether a picture has to be set, may be, or must not be: `has_picture` says if one is.
Status check_picture_use(const Profile& profile, const Request& request, bool has_picture);

// The picture as it would be sent: its bytes, its type, its form, and what the whole request comes
// to. Not its width and height, which PictureRules are for. Errors: settings, wrong_type.
Status check_picture(const Profile& profile, const Request& request);

// What a person should know who pays for this request: that nothing is known of the model, or that
// its page does not say that it takes the picture in this form. Each is posted as a WARNING.
std::vector<Error> warnings_of(const Profile& profile, const Request& request);

}  // namespace modelverse::api
