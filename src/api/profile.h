// SPDX-License-Identifier: LGPL-2.1-or-later
// What is known of a model: where its fields go and which values it takes. One row of data each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::api {

struct Profile {
  std::string_view model;
  std::string_view picture_field;                 // member of `input`
  ImageEncoding picture_encoding;                 // never `automatic`
  std::span<const std::string_view> resolutions;  // first: the default; empty: unchecked
  std::span<const int> durations;                 // seconds; first: the default; empty: unchecked
  int usual_generation_seconds;                   // for the default duration; an estimate
  bool is_known;                                  // false: the row for models that have none
};

// The row of `model`, or the row that stands for unknown models (the default model's field names,
// no values checked).
const Profile& find_profile(std::string_view model);

// Refuses what the model does not have, listing what it has, and what JSON cannot say
// (ErrorCode::settings). Does not look at the picture, which may not be loaded yet.
Status check_request(const Profile& profile, const Request& request);

// What the picture of this request must be. Where the request names no resolution: that of the
// default, or, for a model whose resolutions are sizes, of all of them, so that the picture decides.
PictureRules picture_rules(const Profile& profile, const Request& request);

// The resolution that goes with a picture of exactly this size where the request names none; empty:
// the default.
std::string resolution_of_frame(const Profile& profile, FrameSize frame);

// How long the generation of this request usually takes, in seconds. An estimate for a person.
int usual_generation_seconds(const Profile& profile, const Request& request);

}  // namespace modelverse::api
