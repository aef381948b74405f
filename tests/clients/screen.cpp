// SPDX-License-Identifier: LGPL-2.1-or-later
// Every place and size on a small copy of the screen, each left as soon as it is worse than
// another.
#include "screen.h"

#include <algorithm>
#include <cstdlib>

namespace test_support {
namespace {

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  const std::uint8_t* at(int x, int y) const {
    return &rgb[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(x)) *
                3];
  }
};

struct Area {
  int x;
  int y;
  int width;
  int height;
};

// Every fourth pixel of the thumbnail's upper four fifths; the prompt may stand below.
constexpr int step = 4;
constexpr int rows = Thumbnail::height * 4 / 5;

// No more than `limit`, once it is known to be larger.
double difference_in(const Pixels& screen, const Area& area, const Pixels& wanted, double limit) {
  constexpr int samples = ((rows + step - 1) / step) * (Thumbnail::width / step) * 3;
  int sum = 0;
  for (int y = step / 2; y < rows; y += step) {
    for (int x = step / 2; x < Thumbnail::width; x += step) {
      const auto* one = screen.at(area.x + x * area.width / Thumbnail::width,
                                  area.y + y * area.height / Thumbnail::height);
      const auto* other = wanted.at(x, y);
      for (int colour = 0; colour < 3; ++colour)
        sum += std::abs(int{one[colour]} - int{other[colour]});
    }
    if (sum >= limit * samples)
      return limit;
  }
  return static_cast<double>(sum) / samples;
}

}  // namespace

double difference_on_screen(const std::string& screenshot, const Thumbnail& wanted) {
  // A pixel of it is a square of eight of the test's screen.
  Pixels screen{160, 90, {}};
  screen.rgb = pixels_of_picture(screenshot, screen.width, screen.height);
  const Pixels picture{Thumbnail::width, Thumbnail::height, wanted.rgb};
  double least = 255;
  for (int width = screen.width / 3; width <= screen.width; ++width) {
    const int height = width * Thumbnail::height / Thumbnail::width;
    for (int y = 0; y + height <= screen.height; ++y)
      for (int x = 0; x + width <= screen.width; ++x)
        least = std::min(least, difference_in(screen, {x, y, width, height}, picture, least));
  }
  return least;
}

}  // namespace test_support
