// SPDX-License-Identifier: LGPL-2.1-or-later
// One row of data per model: the positions of its fields and their valid values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/price.h"
#include "core/picture_rules.h"
#include "core/request.h"

namespace modelverse::api {

enum class PictureUse { none, optional, required };

// The forms of a picture that the model's page documents.
struct PictureForms {
  bool link = true;
  bool data_uri = true;
  bool base64 = true;
};

struct Resolution {
  std::string name;               // as sent: "720p", "1280x720", "pro"
  std::vector<FrameSize> frames;  // exact sizes of the picture; empty: any
  std::vector<int> durations;     // s; empty: all of the model's
};

struct Profile {
  std::string model;
  std::string page;  // the vendor's page, the source of the row
  // The request's body without the model's name, with placeholders such as "{picture}" for the
  // request's values: see body_template.h.
  Object body;
  PictureUse picture = PictureUse::none;
  PictureForms picture_forms;
  bool needs_prompt = false;
  int max_prompt = 0;                   // characters, 0: no limit
  std::vector<Resolution> resolutions;  // empty: unchecked
  std::string default_resolution;       // empty: none is sent
  std::vector<int> durations;           // seconds, rising; empty: unchecked
  int default_duration = 0;             // 0: none is sent
  PictureRules limits;                  // without the frame sizes
  std::uint64_t max_body_bytes = 0;     // of the whole request, 0: no limit
  // The member of `parameters` for an id of the caller's own, by which the status route finds the
  // task. Empty: none.
  std::string external_id;
  int usual_generation_seconds = 90;  // for the default duration; an estimate
  std::optional<PriceList> price;     // empty: unknown
  bool is_known = true;               // false: the row for unknown models
};

// The built-in row for `model`, or the row for unknown models (the default model's field names, no
// values checked). See models.h for the user's rows.
const Profile& find_profile(std::string_view model);

// The comparison of resolutions' names: case-insensitive.
bool is_same_name(std::string_view one, std::string_view other);

// The name is case-insensitive. nullptr: not found.
const Resolution* find_resolution(const Profile& profile, std::string_view name);

// The value to send: the request's, as the model spells it, else the model's default; empty or 0 if
// there is neither.
std::string sent_resolution(const Profile& profile, const Request& request);
int sent_duration(const Profile& profile, const Request& request);

// The model's durations at this resolution (empty: the default one), in seconds. Empty: unchecked.
const std::vector<int>& durations_at(const Profile& profile, std::string_view resolution);

// The rules for the picture of this request. Without a resolution in the request: the rules of the
// default one; for a model whose resolutions are one size in landscape and portrait, of both, so
// that the picture decides.
PictureRules picture_rules(const Profile& profile, const Request& request);

// The resolution for a picture of exactly this size, if the request has none; empty: the default.
std::string resolution_of_frame(const Profile& profile, FrameSize frame);

// Usual time of this request's generation, in seconds. An estimate, shown to the user.
int usual_generation_seconds(const Profile& profile, const Request& request);

template <typename T>
bool holds(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

}  // namespace modelverse::api
