// SPDX-License-Identifier: LGPL-2.1-or-later
// Chunks, stored blocks and their sums.
#include "support/plain_png.h"

#include <algorithm>
#include <cstdint>

namespace test_support {
namespace {

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::uint32_t crc(const std::string& bytes) {
  std::uint32_t value = 0xffffffff;
  for (const char byte : bytes) {
    value ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit)
      value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value;
}

std::string chunk(const std::string& type, const std::string& payload) {
  return big_endian(static_cast<std::uint32_t>(payload.size())) + type + payload +
         big_endian(crc(type + payload));
}

// zlib's frame around blocks that are stored as they are.
std::string stored(const std::string& data) {
  constexpr std::size_t largest = 65535;
  std::string out = "\x78\x01";
  for (std::size_t at = 0; at < data.size(); at += largest) {
    const std::size_t size = std::min(largest, data.size() - at);
    out += at + size == data.size() ? '\1' : '\0';
    for (const std::size_t number : {size, ~size}) {
      out += static_cast<char>(number & 0xff);
      out += static_cast<char>(number >> 8 & 0xff);
    }
    out += data.substr(at, size);
  }
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : data) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  return out + big_endian(b << 16 | a);
}

}  // namespace

std::string plain_png(int width, int height) {
  const auto rows = static_cast<std::size_t>(height);
  const std::string pixels(rows * (static_cast<std::size_t>(width + 7) / 8 + 1), '\0');
  const std::string head = big_endian(static_cast<std::uint32_t>(width)) +
                           big_endian(static_cast<std::uint32_t>(height)) +
                           std::string("\1\0\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", head) + chunk("IDAT", stored(pixels)) +
         chunk("IEND", "");
}

}  // namespace test_support
