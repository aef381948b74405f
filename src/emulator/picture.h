// SPDX-License-Identifier: LGPL-2.1-or-later
// The sent picture, decoded by whatever the installed GStreamer has for it.
#pragma once

#include <string>
#include <variant>

#include "emulator/handles.h"

namespace emulator {

struct Picture {
  SamplePtr sample;  // one frame of video/x-raw, upright
  int width = 0;
  int height = 0;
};

struct Size {
  int width = 0;
  int height = 0;
};

// Time and memory are bounded, whatever the bytes are.
std::variant<Picture, std::string> decode_picture(const Blob& bytes);
// Stands for the picture of a URL that is not fetched.
std::variant<Picture, std::string> built_in_picture();
// The size, its sides exchanged for a standing picture.
Size turned_with(const Picture& picture, Size size);

}  // namespace emulator
