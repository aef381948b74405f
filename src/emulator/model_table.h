// SPDX-License-Identifier: LGPL-2.1-or-later
// models.json: the valid requests of each model, written from the vendor's OpenAPI schemas.
//
// `models` is an array of rows. A row applies to each model in `models`; a model with several rows
// accepts a request that matches one of them. A row has:
//   source     the schema
//   models     names, values of the request's `model`
//   fields     path -> field, or the name of a field in `types`. A path is dotted, from the body's
//              root; "[]" is an item of a list. An unlisted field is refused.
//   required   paths of fields that must be present if the object that contains them is
//   rules      constraints between fields, see below
//   pictures   limits of pictures, or their name in `pictures`: encodings, types by their bytes,
//              max_bytes, min_side in pixels, max_aspect, lower_case_type of data URIs
//   sizes      [longer, shorter] side of a resolution, if different from `sizes` at the root
//   exact_size the picture must have the clip's size, with --strict-size
//   frame_rate the clip's, if not 30
// A field has `type` (text, url, integer, number, boolean, picture, list) and may have `values`,
// `default`, `min` and `max` (of an integer, or of a list's length), `min_length` (1 where it is
// required, else 0) and `max_length` in characters, and a `role`: its meaning for the clip. A rule
// {"in": path, "if": conditions, "then": conditions} requires that each item of `in` (default: the
// body) that meets the first also meets the second. Conditions are path -> true (present), false
// (absent), an array of values (null: may be absent), or {"min", "max"} of a count;
// "[member=text]" in a path selects items of a list, and "[member=]" those without the member.
#pragma once

#include <json-glib/json-glib.h>

#include <string>
#include <vector>

#include "emulator/picture.h"

namespace emulator {

class Model {
 public:
  // Empty if no row has the model.
  static std::vector<Model> find(const std::string& name);

  JsonObject* row() const { return row_; }
  // Null if there is no such field.
  JsonObject* field(const std::string& path) const;
  std::vector<std::string> field_paths() const;
  JsonObject* pictures() const;
  // The size of the resolution (case-insensitive); 1280x720 if it has none.
  Size size(const std::string& resolution) const;

 private:
  explicit Model(JsonObject* row) : row_(row) {}
  JsonObject* row_;  // valid until the program ends
};

}  // namespace emulator
