// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/exif.h"

#include "picture/segments.h"
#include "picture/tiff.h"

namespace modelverse::picture {
namespace {

using namespace std::string_view_literals;

constexpr auto exif_mark = "Exif\0\0"sv;

}  // namespace

std::string_view exif_of_jpeg(std::string_view bytes) {
  constexpr std::uint32_t app1 = 0xe1;
  JpegSegments segments(bytes);
  while (const auto segment = segments.next()) {
    if (segment->marker == jpeg_start_of_scan)
      break;
    if (segment->marker == app1 && segment->payload.starts_with(exif_mark))
      return segment->payload.substr(exif_mark.size());
  }
  return {};
}

std::string_view exif_of_png(std::string_view bytes) {
  return payload_of<PngChunks>(bytes, "eXIf");
}

std::string_view exif_of_webp(std::string_view bytes) {
  const auto exif = payload_of<WebpChunks>(bytes, "EXIF");
  // Some writers add JPEG's "Exif" prefix, which WebP does not have.
  return exif.starts_with(exif_mark) ? exif.substr(exif_mark.size()) : exif;
}

std::string_view exif_of_tiff(std::string_view bytes) {
  return bytes;
}

int orientation_in(std::string_view exif) {
  const auto value = tiff_number(exif, tiff_orientation).value_or(1);
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace modelverse::picture
