// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/truncation.h"

#include <cstdint>
#include <cstdlib>

#include "picture/bytes.h"
#include "picture/segments.h"

namespace modelverse::picture {
namespace {

constexpr auto npos = std::string_view::npos;

}  // namespace

// After the first scan's header, an end marker is unambiguous: in a scan's data, 0xff is followed
// by 0 or a restart marker. Before it, it is not: the thumbnail in a camera's APP1 has an end
// marker.
bool is_truncated_jpeg(std::string_view bytes) {
  JpegSegments segments(bytes);
  while (const auto segment = segments.next()) {
    if (segment->marker == jpeg_end_of_image)
      return false;
    if (segment->marker == jpeg_start_of_scan)
      return bytes.find("\xff\xd9", segments.position()) == npos;
  }
  return true;
}

bool is_truncated_png(std::string_view bytes) {
  PngChunks chunks(bytes);
  while (const auto chunk = chunks.next()) {
    if (chunk->type == "IEND")
      return false;
  }
  return true;
}

bool is_truncated_webp(std::string_view bytes) {
  constexpr std::uint64_t riff_header = 8;
  return bytes.size() < riff_header + little_endian_32(bytes, 4);
}

// Only for uncompressed pixels. Some writers omit the last row's padding.
bool is_truncated_bmp(std::string_view bytes) {
  constexpr std::uint32_t os2_header = 12;
  constexpr std::uint32_t bit_fields = 3;
  if (bytes.size() < 34)
    return true;
  const bool is_old = little_endian_32(bytes, 14) == os2_header;
  const auto packing = is_old ? 0 : little_endian_32(bytes, 30);
  if (packing != 0 && packing != bit_fields)
    return false;
  const std::uint64_t width = is_old ? little_endian_16(bytes, 18) : little_endian_32(bytes, 18);
  const auto tall =
      static_cast<std::int32_t>(is_old ? little_endian_16(bytes, 20) : little_endian_32(bytes, 22));
  const auto height = static_cast<std::uint64_t>(std::abs(std::int64_t{tall}));
  const auto row_bits = width * little_endian_16(bytes, is_old ? 24 : 28);
  const auto pixels =
      height == 0 ? 0 : (height - 1) * ((row_bits + 31) / 32 * 4) + (row_bits + 7) / 8;
  return bytes.size() < little_endian_32(bytes, 10) + pixels;
}

}  // namespace modelverse::picture
