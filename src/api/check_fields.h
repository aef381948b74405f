// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks which properties a model has a field for.
#pragma once

#include <string>

#include "api/models.h"
#include "api/profile.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::api {

// The profile for this request: of the model, or of its mode for these pictures. Refuses pictures
// that the model does not take together, and set properties that it has no field for; the errors
// (settings) name what the model has, and for a field the models that have it. `given`: the
// pictures that are set, which need not be loaded yet. An unknown model is not checked.
Result<const Profile*> profile_for(const Models& models, const PictureRoles& given,
                                   const Request& request);

// The properties that the profile has a field for: "prompt, resolution, duration".
std::string list_fields(const Profile& profile);

// "a first frame", "a first and a last frame", "reference pictures", "no picture", in the user's
// language.
std::string describe(const PictureRoles& pictures);

}  // namespace modelverse::api
