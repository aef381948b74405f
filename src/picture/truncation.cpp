// SPDX-License-Identifier: LGPL-2.1-or-later
// Walking to a picture's end by its own structure.
#include "picture/truncation.h"

#include <cstdint>

#include "picture/bytes.h"

namespace modelverse::picture {
namespace {

constexpr auto npos = std::string_view::npos;

// After the first scan's header an end marker cannot be anything else, since in a scan's data a
// 0xff is followed by 0 or a restart marker. Before it, it can: the thumbnail in a camera's APP1
// has one.
bool is_truncated_jpeg(std::string_view bytes) {
  constexpr std::uint32_t start_of_scan = 0xda;
  constexpr std::uint32_t end_of_image = 0xd9;
  std::size_t pos = 2;
  while (pos + 2 <= bytes.size()) {
    const auto marker = byte_at(bytes, pos + 1);
    if (byte_at(bytes, pos) != 0xff || marker == 0xff) {
      ++pos;  // fill bytes, or stray ones, which decoders skip as well
      continue;
    }
    pos += 2;
    if (marker == end_of_image)
      return false;
    const bool is_alone = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (is_alone)
      continue;
    if (pos + 2 > bytes.size())
      return true;
    pos += big_endian_16(bytes, pos);
    if (marker == start_of_scan)
      return pos > bytes.size() || bytes.find("\xff\xd9", pos) == npos;
  }
  return true;
}

bool is_truncated_png(std::string_view bytes) {
  constexpr std::uint64_t chunk_frame = 12;  // length, type and CRC
  std::uint64_t pos = 8;                     // 64 bits everywhere: a chunk may claim 4 GiB
  while (pos + chunk_frame <= bytes.size()) {
    const auto chunk = static_cast<std::size_t>(pos);
    if (bytes.substr(chunk + 4, 4) == "IEND")
      return false;
    pos += chunk_frame + big_endian_32(bytes, chunk);
  }
  return true;
}

bool is_truncated_webp(std::string_view bytes) {
  constexpr std::uint64_t riff_header = 8;
  return bytes.size() < riff_header + little_endian_32(bytes, 4);
}

}  // namespace

bool is_truncated(std::string_view bytes, std::string_view media_type) {
  if (media_type == "image/jpeg")
    return is_truncated_jpeg(bytes);
  if (media_type == "image/png")
    return is_truncated_png(bytes);
  if (media_type == "image/webp")
    return is_truncated_webp(bytes);
  return false;
}

}  // namespace modelverse::picture
