// SPDX-License-Identifier: LGPL-2.1-or-later
// From the primary item over its associations to its properties.
#include "picture/heif.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "picture/boxes.h"
#include "picture/heif_items.h"

namespace modelverse::picture {
namespace {

int side(std::uint32_t number, std::uint32_t divisor = 1) {
  return divisor == 0 || number / divisor > std::uint32_t{std::numeric_limits<int>::max()}
             ? 0
             : static_cast<int>(number / divisor);
}

void apply(const Box& property, FrameSize& size) {
  Cursor cursor(property.payload);
  if (property.type == "ispe") {
    cursor.number(4);
    size.width = side(cursor.number(4));
    size.height = side(cursor.number(4));
  } else if (property.type == "clap") {
    const auto width = cursor.number(4);
    size.width = side(width, cursor.number(4));
    const auto height = cursor.number(4);
    size.height = side(height, cursor.number(4));
  } else if (property.type == "irot" && cursor.number(1) % 2 == 1) {
    std::swap(size.width, size.height);
  }
}

std::vector<Box> parts_of(std::string_view bytes) {
  return boxes_in_full(payload_of(boxes_in(bytes), "meta"));
}

}  // namespace

bool heif_is_premultiplied(std::string_view bytes) {
  const auto references = boxes_in_full(payload_of(parts_of(bytes), "iref"));
  return std::any_of(references.begin(), references.end(),
                     [](const Box& box) { return box.type == "prem"; });
}

std::optional<FrameSize> heif_size(std::string_view bytes) {
  const auto items = heif_items(bytes);
  if (!items)
    return {};
  FrameSize size;
  for (const auto& property : items->properties_of(items->primary))
    apply(property, size);
  if (size.width <= 0 || size.height <= 0)
    return {};
  return size;
}

}  // namespace modelverse::picture
