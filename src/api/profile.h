// SPDX-License-Identifier: LGPL-2.1-or-later
// What is known of a model: where its fields go and which values it takes. One row of data each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture_rules.h"
#include "core/request.h"

namespace modelverse::api {

enum class PictureUse { none, optional, required };

// How the model's page says that it takes a picture.
struct PictureForms {
  bool link = true;
  bool data_uri = true;
  bool base64 = true;
};

struct Resolution {
  std::string name;               // as it is sent: "720p", "1280x720", "pro"
  std::vector<FrameSize> frames;  // exact sizes of the picture; empty: any
  std::vector<int> durations;     // s; empty: all of the model's
};

struct Profile {
  std::string model;
  std::string page;  // of the vendor, that the row was written from
  // What is sent beside the model's name, with "{picture}" and the like where the request's values
  // go: see body_template.h.
  Object body;
  PictureUse picture = PictureUse::none;
  PictureForms picture_forms;
  bool needs_prompt = false;
  int max_prompt = 0;                   // characters, 0: no limit
  std::vector<Resolution> resolutions;  // empty: unchecked
  std::string default_resolution;       // empty: none is sent
  std::vector<int> durations;           // seconds, rising; empty: unchecked
  int default_duration = 0;             // 0: none is sent
  PictureRules limits;                  // but for the frame sizes
  std::uint64_t max_body_bytes = 0;     // of the whole request, 0: no limit
  // The member of `parameters` for an id of the caller's own, by which the status route finds the
  // task. Empty: there is none.
  std::string external_id;
  int usual_generation_seconds = 90;  // for the default duration; an estimate
  bool is_known = true;               // false: the row for models that have none
};

// The row that is compiled in for `model`, or the one that stands for unknown models (the default
// model's field names, no values checked). See models.h for the user's own rows.
const Profile& find_profile(std::string_view model);

// Its name in any case of letters; nullptr: the model has none of that name.
const Resolution* find_resolution(const Profile& profile, std::string_view name);

// What is sent: the request's own as the model spells it, or the model's default; empty and 0 where
// neither is known.
std::string sent_resolution(const Profile& profile, const Request& request);
int sent_duration(const Profile& profile, const Request& request);

// What the model makes at this resolution (empty: at its default), in seconds. Empty: unchecked.
const std::vector<int>& durations_at(const Profile& profile, std::string_view resolution);

// What the picture of this request must be. Where the request names no resolution: that of the
// default, or, for a model whose resolutions are a size lying and standing, of both, so that the
// picture decides.
PictureRules picture_rules(const Profile& profile, const Request& request);

// The resolution that goes with a picture of exactly this size where the request names none; empty:
// the default.
std::string resolution_of_frame(const Profile& profile, FrameSize frame);

// How long the generation of this request usually takes, in seconds. An estimate for a person.
int usual_generation_seconds(const Profile& profile, const Request& request);

template <typename T>
bool holds(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

}  // namespace modelverse::api
