// SPDX-License-Identifier: LGPL-2.1-or-later
// Chunks that a decoder takes, to be put into a PNG.
#pragma once

#include <cstdint>
#include <string>

namespace modelverse::picture {

inline std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const unsigned char byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

inline std::string big_endian(std::size_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

// Behind the header, where most of them may stand.
inline std::string with_png_chunk(std::string png, const std::string& type,
                                  const std::string& payload) {
  constexpr std::size_t after_header = 33;
  return png.insert(after_header, big_endian(payload.size()) + type + payload +
                                      big_endian(crc_of(type + payload)));
}

}  // namespace modelverse::picture
