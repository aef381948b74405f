// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks a request against the model's row before any money is spent.
#pragma once

#include <vector>

#include "api/profile.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::api {

// Refuses values that the model does not have (the error lists the valid ones), a missing or too
// long prompt, and values that JSON cannot represent (ErrorCode::settings). Does not check the
// picture, which may not be loaded yet.
Status check_request(const Profile& profile, const Request& request);

// Checks whether a picture is missing or not allowed. `has_picture`: one is set.
Status check_picture_use(const Profile& profile, const Request& request, bool has_picture);

// Checks the picture as it would be sent: number of bytes, type, form, and the size of the whole
// request. PictureRules check width and height. Errors: settings, wrong_type.
Status check_picture(const Profile& profile, const Request& request);

// Warnings for the user before the request is paid for: the model is unknown, or its page does not
// document the picture's form. Each is posted as a WARNING.
std::vector<Error> warnings_of(const Profile& profile, const Request& request);

}  // namespace modelverse::api
