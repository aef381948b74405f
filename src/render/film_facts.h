// SPDX-License-Identifier: LGPL-2.1-or-later
// What the clips of a film are, and how the film can be made of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "render/handles.h"

namespace modelverse::render {

struct ClipFacts {
  std::string path;
  std::shared_ptr<GstCaps> video;
  std::shared_ptr<GstCaps> audio;  // null: no sound
  int width = 0;
  int height = 0;
  int rate_n = 0;  // frames per second
  int rate_d = 1;
  GstClockTime length = 0;  // of the video: sound may be a little longer
};

// Errors: wrong_type (not a clip with video).
Result<ClipFacts> examine_clip(const std::string& path);

// Why the streams cannot be copied into this film; empty: they can.
std::string why_not_copied(const std::vector<ClipFacts>& clips, const std::string& film,
                           double transition);

// The format of a film that is re-encoded: that of most clips, of the first among equals.
struct FilmFormat {
  int width = 0;
  int height = 0;
  int rate_n = 0;
  int rate_d = 1;
  bool has_audio = false;
};
FilmFormat film_format(const std::vector<ClipFacts>& clips);

}  // namespace modelverse::render
