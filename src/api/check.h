// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks a request against the model's row before any money is spent.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "api/profile.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::api {

// Refuses values that the model does not have (the error lists the valid ones), a missing or too
// long prompt, and values that JSON cannot represent (ErrorCode::settings). Does not check the
// pictures, which may not be loaded yet, nor the fields: see profile_for().
Status check_request(const Profile& profile, const Request& request);

// Checks whether pictures are missing, or too many. `given`: the roles that are set; `references`:
// the number of reference pictures.
Status check_picture_use(const Profile& profile, const Request& request, const PictureRoles& given,
                         std::size_t references);

// Checks the pictures as they would be sent: number of bytes, type, form, and the size of the whole
// request. PictureRules check width and height. Errors: settings, wrong_type.
Status check_pictures(const Profile& profile, const Request& request);

// "The model x is withdrawn as of 2026-09-24; its successor is y (set model)."; empty: it is not.
std::string withdrawal_text(const Profile& profile);

// Warnings for the user before the request is paid for: the model is unknown or withdrawn, or its
// page does not document the picture's form. Each is posted as a WARNING.
std::vector<Error> warnings_of(const Profile& profile, const Request& request);

}  // namespace modelverse::api
