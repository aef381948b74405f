// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers in the headers of coded pictures, bit by bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "picture/bytes.h"

namespace modelverse::picture {

class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}
  // Whether more was read than there is: the rest read as zeros.
  bool is_exceeded() const { return pos_ > bytes_.size() * 8; }
  bool flag() {
    const auto pos = pos_++;
    return pos / 8 < bytes_.size() && (byte_at(bytes_, pos / 8) >> (7 - pos % 8) & 1) != 0;
  }
  // Up to 32.
  std::uint32_t number(std::uint32_t bits) {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < bits; ++i)
      value = value << 1 | static_cast<std::uint32_t>(flag());
    return value;
  }
  void skip(std::size_t bits) { pos_ += bits; }
  // HEVC's ue(v) and AV1's uvlc().
  std::uint32_t exp_golomb() {
    std::uint32_t zeros = 0;
    while (!flag()) {
      if (++zeros == 32 || is_exceeded())
        return 0xffffffff;
    }
    return (std::uint32_t{1} << zeros) - 1 + number(zeros);
  }

 private:
  std::string_view bytes_;
  std::size_t pos_ = 0;
};

}  // namespace modelverse::picture
