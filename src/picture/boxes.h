// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the boxes of a HEIF file (ISO/IEC 14496-12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "picture/bytes.h"

namespace modelverse::picture {

// Reads big-endian numbers from the front. A read past the end returns zero and ends the input.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  bool is_at_end() const { return rest_.empty(); }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    const auto digits = take(size);
    for (std::size_t i = 0; i < digits.size(); ++i)
      value = value << 8 | byte_at(digits, i);
    return value;
  }
  // 64 bits, as in a box, also on 32-bit systems.
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size())
      return std::exchange(rest_, {}).substr(0, 0);
    const auto taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

struct Box {
  std::string_view type;
  std::string_view payload;
};

// The number of properties that can be referenced; far above other boxes.
inline constexpr std::size_t most_boxes = 0x8000;

// All boxes before the first invalid one. A truncated box is empty.
std::vector<Box> boxes_in(std::string_view bytes);
// The boxes in a full box, after its version and flags.
std::vector<Box> boxes_in_full(std::string_view payload);
// The payload of the first box of this type; empty if there is none.
std::string_view payload_of(const std::vector<Box>& boxes, std::string_view type);

}  // namespace modelverse::picture
