// SPDX-License-Identifier: LGPL-2.1-or-later
// What is asked of the service: the values that make one clip another than the next.
#pragma once

#include <string>
#include <variant>

#include "core/value.h"

namespace modelverse {

// How the picture's bytes are put into JSON. `automatic`: as the model's profile says.
enum class ImageEncoding { automatic, data_uri, base64 };

// What becomes of a picture that the model does not take as it is. Nothing is ever stretched.
enum class ImageFit { crop, pad, none };

// A picture whose bytes are here.
struct PictureBytes {
  std::string media_type;  // "image/jpeg", recognised from the bytes, never from a file's name
  std::string bytes;
  // What is still to be done to it before it is sent, as text for the request's key; empty: it is
  // sent as it is.
  std::string change = {};
};

// A picture that the service fetches itself: an http(s) URI, handed over as it is.
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
