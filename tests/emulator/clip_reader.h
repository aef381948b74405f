// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes a clip apart: what is in it, and what some of its frames show.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace test_support {

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

// One plane of brightness.
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<double> values;
};

struct Film {
  std::string video_codec;
  std::string audio_codec;
  int width = 0;
  int height = 0;
  int rate_numerator = 0;
  int rate_denominator = 0;
  unsigned frames = 0;
  bool is_evenly_timed = true;  // each frame stands where its number says
  std::vector<Plane> kept;      // the frames 0, 30, 60, ...
  double audio_seconds = 0;
  double loudness = 0;  // root mean square, of 32767
};

// Decodes all of it; what cannot be read fails the running test.
Film read_film(const std::string& bytes);
// The types of the boxes at the root, in order, without `free`.
std::vector<std::string> boxes(const std::string& mp4);
// BT.709, studio swing, as the decoder gives it.
double luma(const Colour& colour);
// dB, over the rows above `rows`.
double psnr(const Plane& one, const Plane& other, int rows);

bool has_element(const char* name);
std::string encode_picture(int width, int height, const std::string& encoder,
                           const std::function<Colour(int x, int y)>& draw);
// The JPEG with an EXIF block that says: turn it by 90 degrees.
std::string turned_right(const std::string& jpeg);

}  // namespace test_support
