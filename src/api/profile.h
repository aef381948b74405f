// SPDX-License-Identifier: LGPL-2.1-or-later
// One row of data per model: the positions of its fields and their valid values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/body_template.h"
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
  std::vector<Member> sizes;      // of the video by aspect ratio, for "{size}"
};

// How long a generation takes at a resolution.
struct UsualTimes {
  std::string resolution;
  std::vector<int> seconds;  // of clips of 1, 2, 3 s and so on
};

// What "{audio}" is replaced by. Empty: the model does not have this state.
struct AudioSwitch {
  std::optional<Value> on = Value{true};
  std::optional<Value> off = Value{false};
  Audio usual = Audio::automatic;  // the state for audio=auto; automatic: nothing is sent
};

// The service may refuse the model from this day on.
struct Withdrawal {
  std::string date;       // "2026-09-24"
  std::string successor;  // the model to use instead; empty: none is known
};

struct Profile;

// What a model takes with these pictures, where that differs from its row.
struct Mode {
  PictureRoles pictures;
  Object changes;  // members of a row
  std::shared_ptr<const Profile> profile = {};
};

struct Profile {
  std::string model;
  std::string page;  // the vendor's page, the source of the row
  // The request's body without the model's name, with placeholders such as "{picture}" for the
  // request's values: see body_template.h.
  Object body;
  // The ways to make a clip, by the pictures. Not empty: the pictures must be those of one of them.
  std::vector<Mode> modes;
  std::optional<PictureRoles> mode;  // of a mode's profile
  PictureUse picture = PictureUse::none;
  PictureUse last_picture = PictureUse::none;
  PictureUse references = PictureUse::none;
  int max_references = 0;  // 0: no limit
  PictureForms picture_forms;
  bool needs_prompt = false;
  int max_prompt = 0;                      // characters, 0: no limit
  int max_negative_prompt = 0;             // likewise
  std::vector<Resolution> resolutions;     // empty: unchecked
  std::string default_resolution;          // empty: none is sent
  std::vector<int> durations;              // seconds, rising; empty: unchecked
  int default_duration = 0;                // 0: none is sent
  std::vector<std::string> aspect_ratios;  // empty: unchecked; the first is the service's default
  std::string default_aspect_ratio;        // empty: none is sent
  // An aspect ratio that is not set is the one nearest to the first frame's.
  bool does_aspect_ratio_follow = false;
  std::int64_t min_seed = 0;
  std::int64_t max_seed = std::numeric_limits<std::int64_t>::max();
  AudioSwitch audio;
  PictureRules limits;               // without the frame sizes
  std::uint64_t max_body_bytes = 0;  // of the whole request, 0: no limit
  // The member of `parameters` for an id of the caller's own, by which the status route finds the
  // task. Empty: none.
  std::string external_id;
  std::optional<Withdrawal> withdrawn;
  // Members of the body that are no part of the request's key: switches that a row got after its
  // first release, so that the clips of earlier releases are still found.
  Object unkeyed;
  std::vector<Member> headers;          // of the submit; the values are strings
  int usual_generation_seconds = 90;    // for the default duration; an estimate
  std::vector<UsualTimes> usual_times;  // empty: only the above is known
  std::optional<PriceList> price;       // empty: unknown
  bool is_known = true;                 // false: the row for unknown models
};

// What a role of pictures is called in a row and in its body, in the order of PictureRole.
struct RoleFields {
  std::string_view name;
  std::string_view placeholder;
  std::string_view media_type;
  bool PictureRoles::*given;
  PictureUse Profile::*use;
  PictureUse usual_use;  // of a row with the placeholder
};
inline constexpr RoleFields role_fields[] = {
    {"first", picture_placeholder, media_type_placeholder, &PictureRoles::first, &Profile::picture,
     PictureUse::required},
    {"last", last_picture_placeholder, last_media_type_placeholder, &PictureRoles::last,
     &Profile::last_picture, PictureUse::optional},
    {"references", reference_placeholder, reference_media_type_placeholder,
     &PictureRoles::references, &Profile::references, PictureUse::optional},
};

// The comparison of resolutions' names: case-insensitive.
bool is_same_name(std::string_view one, std::string_view other);

// The profile for a request with pictures of these roles: that of the mode, or the row itself if it
// has no modes. An extra may stand for a picture. nullptr: the model has no such mode.
const Profile* find_mode(const Profile& row, const PictureRoles& given, const Request& request);

// The name is case-insensitive. nullptr: not found.
const Resolution* find_resolution(const Profile& profile, std::string_view name);

// The value to send: the request's, as the model spells it, else the model's default; empty or 0 if
// there is neither.
std::string sent_resolution(const Profile& profile, const Request& request);
int sent_duration(const Profile& profile, const Request& request);
std::string sent_aspect_ratio(const Profile& profile, const Request& request);
// The size of the video for the request's resolution and aspect ratio; empty: none is sent.
std::string sent_size(const Profile& profile, const Request& request);
// The request's, else the model's default; automatic: neither has one.
Audio audio_state(const Profile& profile, const Request& request);
// nullopt: nothing is sent.
std::optional<Value> sent_audio(const Profile& profile, const Request& request);

// The aspect ratios at this resolution (empty: the default one). Empty: unchecked.
std::vector<std::string> aspect_ratios_at(const Profile& profile, std::string_view resolution);

// "720p, 1080p"
std::string list_resolutions(const Profile& profile);
// "4, 8, 12" or "1-16"
std::string list_durations(const std::vector<int>& durations);

// The model's durations at this resolution (empty: the default one), in seconds. Empty: unchecked.
const std::vector<int>& durations_at(const Profile& profile, std::string_view resolution);

// The rules for the first and the last frame of this request, or for a reference picture, which
// need not have the size of the video. `index` as in pictures_of(). Each picture gets its share of
// the request's limit. Without a resolution in the request: the rules of the default one; for a
// model whose resolutions are one size in landscape and portrait, of both, so that the picture
// decides.
PictureRules picture_rules(const Profile& profile, const Request& request, std::size_t index = 0);

// The resolution for a picture of exactly this size, if the request has none; empty: the default.
std::string resolution_of_frame(const Profile& profile, FrameSize frame);

// The aspect ratio for a first frame of this size, if the request has none and the model does not
// take it from the picture by itself; empty: nothing to send.
std::string aspect_ratio_of_frame(const Profile& profile, FrameSize frame);

// Usual time of this request's generation, in seconds. An estimate, shown to the user.
int usual_generation_seconds(const Profile& profile, const Request& request);

template <typename T>
bool holds(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

}  // namespace modelverse::api
