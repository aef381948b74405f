// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/boxes.h"

#include <algorithm>

#include "core/box.h"

namespace modelverse::picture {

std::vector<Box> boxes_in(std::string_view bytes) {
  std::vector<Box> boxes;
  while (boxes.size() < most_boxes) {
    const auto header = read_box_header(bytes);
    if (!header || header->is_last())
      break;
    boxes.push_back({header->type, {}});
    if (header->size > bytes.size())
      break;
    const auto size = static_cast<std::size_t>(header->size);
    boxes.back().payload = bytes.substr(header->header_size, size - header->header_size);
    bytes.remove_prefix(size);
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
