// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads numbers in a picture's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace modelverse::picture {

inline std::uint32_t byte_at(std::string_view bytes, std::size_t pos) {
  return static_cast<unsigned char>(bytes[pos]);
}

// Precondition of these functions: `pos` + the number's size <= bytes.size().
inline std::uint32_t big_endian_16(std::string_view bytes, std::size_t pos) {
  return byte_at(bytes, pos) << 8 | byte_at(bytes, pos + 1);
}

inline std::uint32_t big_endian_32(std::string_view bytes, std::size_t pos) {
  return big_endian_16(bytes, pos) << 16 | big_endian_16(bytes, pos + 2);
}

inline std::uint32_t little_endian_16(std::string_view bytes, std::size_t pos) {
  return byte_at(bytes, pos) | byte_at(bytes, pos + 1) << 8;
}

inline std::uint32_t little_endian_32(std::string_view bytes, std::size_t pos) {
  return byte_at(bytes, pos) | byte_at(bytes, pos + 1) << 8 | byte_at(bytes, pos + 2) << 16 |
         byte_at(bytes, pos + 3) << 24;
}

}  // namespace modelverse::picture
