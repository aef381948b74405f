// SPDX-License-Identifier: LGPL-2.1-or-later
// What a test of requests asks of the models and of a request.
#pragma once

#include <string_view>
#include <variant>

#include "api/models.h"
#include "core/request.h"

namespace modelverse {

// The roles that a request has loaded pictures for.
inline PictureRoles roles_of(const Request& request) {
  const auto is_set = [](const RequestPicture& one) {
    return !std::holds_alternative<std::monostate>(one);
  };
  return {is_set(request.picture), is_set(request.last_picture), !request.references.empty()};
}

namespace api {

// Without a user's list of models.
inline const Profile& find_profile(std::string_view model) {
  return Models::built_in().find(model);
}

}  // namespace api
}  // namespace modelverse
