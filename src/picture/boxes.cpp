// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/boxes.h"

#include <algorithm>

namespace modelverse::picture {

std::vector<Box> boxes_in(std::string_view bytes) {
  std::vector<Box> boxes;
  Cursor cursor(bytes);
  while (!cursor.is_at_end() && boxes.size() < most_boxes) {
    std::uint64_t size = cursor.number(4);
    const auto type = cursor.take(4);
    std::uint64_t head = 8;
    if (size == 1) {
      size = cursor.long_number();
      head = 16;
    }
    if (size < head)
      break;  // 0 means "to the end", used for media data only
    boxes.push_back({type, cursor.take(size - head)});
  }
  return boxes;
}

std::vector<Box> boxes_in_full(std::string_view payload) {
  return boxes_in(payload.substr(std::min<std::size_t>(payload.size(), 4)));
}

std::string_view payload_of(const std::vector<Box>& boxes, std::string_view type) {
  const auto found =
      std::find_if(boxes.begin(), boxes.end(), [&](const Box& box) { return box.type == type; });
  return found == boxes.end() ? std::string_view() : found->payload;
}

}  // namespace modelverse::picture
