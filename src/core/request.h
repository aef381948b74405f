// SPDX-License-Identifier: LGPL-2.1-or-later
// A request to the service: the values that identify a clip.
#pragma once

#include <string>
#include <variant>

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

inline constexpr const char* default_model = "openai/sora-2/image-to-video-pro";

struct Request {
  std::string model = default_model;
  std::string prompt;      // empty: none is sent
  std::string resolution;  // empty: the model's default
  int duration = 0;        // seconds of video; 0: the model's default
  RequestPicture picture;
  ImageEncoding image_encoding = ImageEncoding::automatic;
  Object extra_input;
  Object extra_parameters;
  unsigned take = 0;  // not sent; part of the request's identity
};

}  // namespace modelverse
