// SPDX-License-Identifier: LGPL-2.1-or-later
// Walking to a picture's end by its own structure.
#include "picture/truncation.h"

#include <cstdint>

#include "picture/bytes.h"
#include "picture/segments.h"

namespace modelverse::picture {
namespace {

constexpr auto npos = std::string_view::npos;

// After the first scan's header an end marker cannot be anything else, since in a scan's data a
// 0xff is followed by 0 or a restart marker. Before it, it can: the thumbnail in a camera's APP1
// has one.
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
