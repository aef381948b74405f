// SPDX-License-Identifier: LGPL-2.1-or-later
// The header of a box. ISO/IEC 14496-12, 4.2: MP4, HEIF and AVIF files are sequences of boxes, each
// with a 32-bit big-endian size, a four-character type and, when size is 1, a 64-bit size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace modelverse {

struct BoxHeader {
  std::uint64_t size = 0;  // of the box with its header; 0: to the end of the file
  std::size_t header_size = 8;
  std::string_view type;
  // Such a box extends to the end or is invalid: no box follows.
  bool is_last() const { return size < header_size; }
};

inline std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const unsigned char byte : bytes)
    value = value << 8 | byte;
  return value;
}

// Nothing if `bytes`, which begin with the box, end within its header.
inline std::optional<BoxHeader> read_box_header(std::string_view bytes) {
  constexpr std::size_t long_header = 16;
  BoxHeader header;
  if (bytes.size() < header.header_size)
    return {};
  header.size = big_endian(bytes.substr(0, 4));
  header.type = bytes.substr(4, 4);
  if (header.size != 1)
    return header;
  if (bytes.size() < long_header)
    return {};
  header.size = big_endian(bytes.substr(8, 8));
  header.header_size = long_header;
  return header;
}

}  // namespace modelverse
