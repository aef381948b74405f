// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a real clip from a picture: H.264, AAC, MP4, with motion, the prompt and a melody.
#pragma once

#include <stop_token>
#include <string>
#include <variant>

#include "emulator/picture.h"

namespace emulator {

struct ClipPlan {
  Size size = {1280, 720};
  int seconds = 4;
  int frame_rate = 30;
  std::string prompt;
};

// Returns the file, or the error. Its index (`moov`) is first, last or fragmented. Blocks for about
// a second.
std::variant<Blob, std::string> make_clip(const Picture& picture, const ClipPlan& plan,
                                          const std::string& moov, const std::stop_token& stop);

}  // namespace emulator
