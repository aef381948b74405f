// SPDX-License-Identifier: LGPL-2.1-or-later
// models.json: what a request to each model may hold, written from the vendor's OpenAPI schemas.
//
// `models` is an array of rows. A row holds for each model that it names; a model that has several
// rows takes what one of them takes. A row has:
//   source     the schema
//   models     names, values of the request's `model`
//   fields     path -> field, or the name of a field in `types`. A path is dotted, from the body's
//              root; "[]" is an item of a list. A field that is not named here is refused.
//   required   paths of fields that must be there where the object that holds them is
//   rules      what fields must be to each other, see below
//   pictures   what pictures may be, or its name in `pictures`: encodings, types by their bytes,
//              max_bytes, min_side in pixels, max_aspect, lower_case_type of data URIs
//   sizes      [longer, shorter] side of a resolution, where `sizes` at the root has another
//   exact_size the picture must have the clip's size, with --strict-size
//   frame_rate of the clip, if not 30
// A field has `type` (text, url, integer, number, boolean, picture, list) and may have `values`,
// `default`, `min` and `max` (of an integer, or of a list's length), `min_length` (1 where it is
// required, else 0) and `max_length` in characters, and a `role`: what the emulator takes it for
// when it makes the clip. A rule {"in": path, "if": conditions, "then": conditions} says that each
// item of `in` (the body) that meets the first meets the second. Conditions are path -> true (is
// there), false (is not), an array of values (null: may be absent), or {"min", "max"} of a count;
// "[member=text]" in a path selects items of a list, and "[member=]" those without the member.
#pragma once

#include <json-glib/json-glib.h>

#include <string>
#include <vector>

#include "emulator/picture.h"

namespace emulator {

class Model {
 public:
  // None where no row names the model.
  static std::vector<Model> find(const std::string& name);

  JsonObject* row() const { return row_; }
  // Null where there is no such field.
  JsonObject* field(const std::string& path) const;
  std::vector<std::string> field_paths() const;
  JsonObject* pictures() const;
  // Of the resolution, whatever its case; 1280x720 where it has no size.
  Size size(const std::string& resolution) const;

 private:
  explicit Model(JsonObject* row) : row_(row) {}
  JsonObject* row_;  // lives as long as the program
};

}  // namespace emulator
