// SPDX-License-Identifier: LGPL-2.1-or-later
// A request to the service: the values that identify a clip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/shared_text.h"
#include "core/value.h"

namespace modelverse {

// How the picture's bytes are encoded in JSON. `automatic`: as the model's profile specifies.
enum class ImageEncoding { automatic, data_uri, base64 };

// How to fit a picture that the model does not accept unchanged. Never stretches.
enum class ImageFit { crop, pad, none };

// A picture in memory.
struct PictureBytes {
  std::string media_type;  // "image/jpeg", recognised from the bytes, never from a file's name
  std::string bytes;
  // The change to apply before it is sent, as text for the request's key; empty: none.
  std::string change = {};
};

// A picture that the service downloads itself: an http(s) URI, passed unchanged.
struct PictureLink {
  std::string uri;
};

using RequestPicture = std::variant<std::monostate, PictureBytes, PictureLink>;

enum class PictureRole { first, last, reference };

// The roles that a request has pictures for.
struct PictureRoles {
  bool first = false;
  bool last = false;
  bool references = false;
  bool operator==(const PictureRoles&) const = default;
};

// Whether the clip gets a sound track, where the model has a switch. `automatic`: its default.
enum class Audio { automatic, on, off };

inline constexpr std::int64_t no_seed = -1;

inline constexpr const char* default_model = "openai/sora-2/image-to-video-pro";

// What a clip is made of. A job's request names its model; in settings, an empty one is
// MODELVERSE_MODEL, else default_model.
struct Request {
  std::string model;
  SharedText prompt;            // empty: none is sent
  SharedText negative_prompt;   // likewise
  std::string resolution;       // empty: the model's default
  std::string aspect_ratio;     // likewise
  int duration = 0;             // seconds of video; 0: the model's default
  std::int64_t seed = no_seed;  // no_seed: the service chooses
  Audio audio = Audio::automatic;
  RequestPicture picture;  // the first frame
  RequestPicture last_picture;
  std::vector<RequestPicture> references;
  ImageEncoding image_encoding = ImageEncoding::automatic;
  Object extra_input;
  Object extra_parameters;
  unsigned take = 0;  // not sent; part of the request's identity
};

// All pictures of a request in a fixed order: the first frame, the last one, the references. A
// frame that is not set is there as std::monostate.
template <typename AnyRequest>
auto pictures_of(AnyRequest& request) {
  std::vector pictures{&request.picture, &request.last_picture};
  for (auto& reference : request.references)
    pictures.push_back(&reference);
  return pictures;
}
inline constexpr std::size_t index_of_references = 2;
inline PictureRole role_of_picture(std::size_t index) {
  if (index >= index_of_references)
    return PictureRole::reference;
  return index == 0 ? PictureRole::first : PictureRole::last;
}

// The name of a picture's property, for messages.
inline std::string picture_name(std::size_t index) {
  switch (role_of_picture(index)) {
    case PictureRole::first:
      return "image";
    case PictureRole::last:
      return "last-image";
    case PictureRole::reference:
      break;
  }
  return "reference-images[" + std::to_string(index - index_of_references) + "]";
}

// An error or a warning about one of the pictures, with its name from picture_name(); the text does
// not name the first frame, which most requests have alone.
inline Error about_picture(Error error, const std::string& name) {
  error.property = name;
  if (name != picture_name(0))
    error.text = name + ": " + error.text;
  return error;
}

// Frees the memory of the pictures.
inline void drop_pictures(Request& request) {
  request.picture = {};
  request.last_picture = {};
  request.references.clear();
}

}  // namespace modelverse
