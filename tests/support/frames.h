// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking at decoded frames.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace test_support {

// Calls `take` with each sample of an appsink, on its thread.
void on_samples(GstElement* sink, std::function<void(GstSample*)> take);

// A frame scaled to a small fixed size, RGB, for comparing what two pictures show.
struct Thumbnail {
  static constexpr int width = 64;
  static constexpr int height = 36;
  std::vector<std::uint8_t> rgb;
};

struct Decoded {
  int frames = 0;
  int width = 0;
  int height = 0;
  Thumbnail first;
  Thumbnail last;
  int audio_buffers = 0;
  bool reached_eos = false;
};

// Decodes what `source` (a gst-launch fragment) gives through `decoder` ("decodebin3", ...).
Decoded decode(const std::string& source, const std::string& decoder = "decodebin3");
// All of the frames of a file.
std::vector<Thumbnail> thumbnails_of(const std::string& path,
                                     const std::string& decoder = "decodebin3");
// Decodes a still picture.
Thumbnail thumbnail_of_picture(const std::string& path);

// Mean absolute difference per sample, 0 to 255, over the upper four fifths: the emulator writes
// the prompt into the lowest fifth.
double difference(const Thumbnail& one, const Thumbnail& other);

}  // namespace test_support
