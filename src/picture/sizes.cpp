// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/sizes.h"

#include <limits>

#include "picture/bytes.h"
#include "picture/segments.h"
#include "picture/tiff.h"

namespace modelverse::picture {
namespace {

bool is_frame_header(std::uint32_t marker) {
  const bool is_other = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;  // DHT, JPG, DAC
  return marker >= 0xc0 && marker <= 0xcf && !is_other;
}

struct JpegHeader {
  std::optional<FrameSize> size;
  bool is_plain = true;
};

JpegHeader read_jpeg(std::string_view bytes) {
  JpegHeader header;
  bool has_tables = false;
  JpegSegments segments(bytes);
  while (const auto segment = segments.next()) {
    if (segment->marker == jpeg_start_of_scan)
      break;
    has_tables |= segment->marker == 0xc4;
    if (!is_frame_header(segment->marker) || segment->payload.size() < 6)
      continue;
    header.size =
        size_if_any(big_endian_16(segment->payload, 3), big_endian_16(segment->payload, 1));
    // Few decoders support lossless and arithmetic coding.
    header.is_plain = byte_at(segment->payload, 5) != 4 && segment->marker <= 0xc2;
  }
  header.is_plain &= has_tables;
  return header;
}

}  // namespace

std::optional<FrameSize> size_if_any(std::uint32_t width, std::uint32_t height) {
  constexpr std::uint32_t most = std::numeric_limits<int>::max();
  if (width == 0 || height == 0 || width > most || height > most)
    return {};
  return FrameSize{static_cast<int>(width), static_cast<int>(height)};
}

std::optional<FrameSize> jpeg_size(std::string_view bytes) {
  return read_jpeg(bytes).size;
}

bool is_plain_jpeg(std::string_view bytes) {
  return read_jpeg(bytes).is_plain;
}

std::optional<FrameSize> png_size(std::string_view bytes) {
  const auto first = PngChunks(bytes).next();
  if (!first || first->type != "IHDR" || first->payload.size() < 8)
    return {};
  return size_if_any(big_endian_32(first->payload, 0), big_endian_32(first->payload, 4));
}

// RFC 9649: the lossy, lossless and extended formats have different headers. After any other chunk,
// libwebp 1.2 searches for a stream without a header, which may have another size.
std::optional<FrameSize> webp_size(std::string_view bytes) {
  const auto first = WebpChunks(bytes).next();
  if (!first || first->payload.size() < 10)
    return {};
  const auto data = first->payload;
  if (first->type == "VP8 ")
    return size_if_any(little_endian_16(data, 6) & 0x3fff, little_endian_16(data, 8) & 0x3fff);
  if (first->type == "VP8L") {
    const auto packed = little_endian_32(data, 1);
    return size_if_any((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1);
  }
  if (first->type != "VP8X")
    return {};
  return size_if_any((little_endian_32(data, 4) & 0xffffff) + 1,
                     (little_endian_32(data, 6) >> 8) + 1);
}

std::optional<FrameSize> bmp_size(std::string_view bytes) {
  constexpr std::uint32_t os2_header = 12;
  if (bytes.size() < 26)
    return {};
  if (little_endian_32(bytes, 14) == os2_header)
    return size_if_any(little_endian_16(bytes, 18), little_endian_16(bytes, 20));
  // A negative height means that the top row is first.
  const auto height = static_cast<std::int32_t>(little_endian_32(bytes, 22));
  return size_if_any(little_endian_32(bytes, 18), height < 0
                                                      ? 0 - static_cast<std::uint32_t>(height)
                                                      : static_cast<std::uint32_t>(height));
}

std::optional<FrameSize> gif_size(std::string_view bytes) {
  if (bytes.size() < 10)
    return {};
  return size_if_any(little_endian_16(bytes, 6), little_endian_16(bytes, 8));
}

std::optional<FrameSize> tiff_size(std::string_view bytes) {
  return size_if_any(tiff_number(bytes, tiff_width).value_or(0),
                     tiff_number(bytes, tiff_height).value_or(0));
}

}  // namespace modelverse::picture
