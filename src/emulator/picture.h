// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes the sent picture with the installed GStreamer.
#pragma once

#include <string>
#include <variant>

#include "emulator/handles.h"

namespace emulator {

struct Picture {
  std::shared_ptr<GstSample> sample;  // one frame of video/x-raw, upright
  int width = 0;
  int height = 0;
};

struct Size {
  int width = 0;
  int height = 0;
};

// Time and memory are bounded for any bytes.
std::variant<Picture, std::string> decode_picture(const Blob& bytes);
// Replaces the picture of a URL that is not fetched.
std::variant<Picture, std::string> built_in_picture();
// The size, with its sides exchanged for a portrait picture.
Size turned_with(const Picture& picture, Size size);

}  // namespace emulator
