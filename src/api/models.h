// SPDX-License-Identifier: LGPL-2.1-or-later
// The models that are known: the rows of models.json, which are compiled in, and the user's own.
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
  // The rows compiled in, changed and followed by those of `text`, a JSON file of the format that
  // model_rows.h describes. `file` is what a person calls it. Error (settings): names the file, and
  // the line or the member.
  static Result<Models> with_rows_of(std::string_view text, const std::string& file);
  // The text of the rows compiled in, as an example to copy from.
  static std::string_view built_in_text();

  // The model's row, or the one that stands for unknown models.
  const Profile& find(std::string_view model) const;
  std::span<const Profile> rows() const { return rows_; }

 private:
  explicit Models(std::vector<Profile> rows);

  std::vector<Profile> rows_;
  Profile unknown_;
};

}  // namespace modelverse::api
