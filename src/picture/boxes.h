// SPDX-License-Identifier: LGPL-2.1-or-later
// The boxes that a HEIF is made of (ISO/IEC 14496-12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "picture/bytes.h"

namespace modelverse::picture {

// Numbers from the front. What is not there reads as zero and leaves nothing to be read.
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
  std::uint64_t long_number() {
    const std::uint64_t upper = number(4);
    return upper << 32 | number(4);
  }
  // As wide as a box can say it, also where addresses are not.
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

// Properties that can be referred to, and far above the rest.
inline constexpr std::size_t most_boxes = 0x8000;

// Up to the first that is none. One that is cut off is empty.
std::vector<Box> boxes_in(std::string_view bytes);
// A full box: its version and flags stand before what it holds.
std::vector<Box> boxes_in_full(std::string_view payload);
// Of the first of this type; empty where there is none.
std::string_view payload_of(const std::vector<Box>& boxes, std::string_view type);

}  // namespace modelverse::picture
