// SPDX-License-Identifier: LGPL-2.1-or-later
// The known models: the built-in rows of models.json, and the user's rows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/profile.h"
#include "core/result.h"

namespace modelverse::api {

class Models {
 public:
  static const Models& built_in();
  // The built-in rows, with the rows of `text` replaced or appended. `text` has the format of
  // model_rows.h; `file` is its name in errors. Error (settings): names the file, and the line or
  // the member.
  static Result<Models> with_rows_of(std::string_view text, const std::string& file);
  // The text of the built-in rows, as an example.
  static std::string_view built_in_text();

  // The model's row, or the row for unknown models: the default model's field names, no values
  // checked.
  const Profile& find(std::string_view model) const;
  std::span<const Profile> rows() const { return rows_; }

 private:
  explicit Models(std::vector<Profile> rows);

  std::vector<Profile> rows_;
  Profile unknown_;
};

}  // namespace modelverse::api
