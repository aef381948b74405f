// SPDX-License-Identifier: LGPL-2.1-or-later
// Resolutions and aspects as sizes.
#include "emulator/clip_shape.h"

#include <glib.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "emulator/picture.h"

namespace emulator {
namespace {

constexpr SizeRow usual_sizes[] = {{"360p", 640, 360},  {"480p", 832, 480},  {"540p", 960, 540},
                                   {"720p", 1280, 720}, {"768p", 1366, 768}, {"1080p", 1920, 1080},
                                   {"2K", 2560, 1440},  {"std", 1280, 720},  {"pro", 1920, 1080}};

// The encoders want even sides.
int even(int side) {
  return side / 2 * 2;
}

std::optional<Size> read_pair(const std::string& text, char between) {
  Size size;
  char found = 0;
  char rest = 0;
  const int count =
      std::sscanf(text.c_str(), "%5d%c%5d%c", &size.width, &found, &size.height, &rest);
  const bool is_pair = count == 3 && found == between && size.width > 0 && size.height > 0;
  return is_pair ? std::optional(size) : std::nullopt;
}

}  // namespace

void shape_clip(const ModelRow& model, const std::string& resolution, const std::string& aspect,
                TaskRequest& request) {
  if (const auto exact = read_pair(resolution, 'x')) {
    request.width = exact->width;
    request.height = exact->height;
    return;
  }
  const auto is_named = [&resolution](const SizeRow& row) {
    return g_ascii_strcasecmp(row.resolution, resolution.c_str()) == 0;
  };
  const auto own = std::ranges::find_if(model.sizes, is_named);
  const auto* usual = std::ranges::find_if(usual_sizes, is_named);
  const SizeRow size = own != model.sizes.end()         ? *own
                       : usual != std::end(usual_sizes) ? *usual
                                                        : usual_sizes[3];
  request.long_side = size.long_side;
  request.short_side = size.short_side;
  const auto shape = read_pair(aspect, ':');
  if (!shape)
    return;
  const int shorter = std::min(shape->width, shape->height);
  request.width = even(size.short_side * shape->width / shorter);
  request.height = even(size.short_side * shape->height / shorter);
}

}  // namespace emulator
