// SPDX-License-Identifier: LGPL-2.1-or-later
// Each type's size, from its own header.
#include "picture/facts.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "picture/bytes.h"
#include "picture/exif.h"
#include "picture/handles.h"
#include "picture/heif.h"
#include "picture/segments.h"
#include "picture/tiff.h"

namespace modelverse::picture {
namespace {

std::optional<FrameSize> size_if_any(std::uint32_t width, std::uint32_t height) {
  constexpr std::uint32_t most = std::numeric_limits<int>::max();
  if (width == 0 || height == 0 || width > most || height > most)
    return {};
  return FrameSize{static_cast<int>(width), static_cast<int>(height)};
}

bool is_frame_header(std::uint32_t marker) {
  const bool is_other = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;  // DHT, JPG, DAC
  return marker >= 0xc0 && marker <= 0xcf && !is_other;
}

std::optional<FrameSize> read_jpeg(std::string_view bytes, Facts& facts) {
  std::optional<FrameSize> size;
  bool has_tables = false;
  std::uint32_t components = 0;
  JpegSegments segments(bytes);
  while (const auto segment = segments.next()) {
    if (segment->marker == jpeg_start_of_scan) {
      facts.is_kept_whole |= !segment->payload.empty() && byte_at(segment->payload, 0) < components;
      break;
    }
    has_tables |= segment->marker == 0xc4;
    if (!is_frame_header(segment->marker) || segment->payload.size() < 6)
      continue;
    size = size_if_any(big_endian_16(segment->payload, 3), big_endian_16(segment->payload, 1));
    components = byte_at(segment->payload, 5);
    facts.is_kept_whole = segment->marker == 0xc2 || segment->marker == 0xca;  // progressive
    // Lossless and arithmetic coding are known to few decoders.
    facts.is_plain = components != 4 && segment->marker <= 0xc2;
  }
  facts.is_plain &= has_tables;
  return size;
}

std::optional<FrameSize> png_size(std::string_view bytes) {
  const auto first = PngChunks(bytes).next();
  if (!first || first->type != "IHDR" || first->payload.size() < 8)
    return {};
  return size_if_any(big_endian_32(first->payload, 0), big_endian_32(first->payload, 4));
}

// RFC 9649: the lossy, the lossless and the extended format each have their own header. Behind
// anything else libwebp 1.2 looks for a stream without one, of another size than is told here.
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
  // A negative height says that the first row is the upper one.
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

// The part of a raw frame that is to be seen. Nothing: none of it is.
std::optional<FrameSize> read_crop(const GstStructure* caps, FrameSize frame, Facts& facts) {
  FrameSize size = frame;
  gst_structure_get_int(caps, "crop-x", &facts.x);
  gst_structure_get_int(caps, "crop-y", &facts.y);
  gst_structure_get_int(caps, "crop-width", &size.width);
  gst_structure_get_int(caps, "crop-height", &size.height);
  if (facts.x < 0 || facts.y < 0 || facts.x >= frame.width || facts.y >= frame.height)
    return {};
  return size_if_any(static_cast<std::uint32_t>(std::min(size.width, frame.width - facts.x)),
                     static_cast<std::uint32_t>(std::min(size.height, frame.height - facts.y)));
}

std::optional<FrameSize> read_raw(const std::string& caps_text, Facts& facts) {
  GstVideoInfo info;
  const CapsPtr caps(gst_caps_from_string(caps_text.c_str()));
  if (!caps || !gst_video_info_from_caps(&info, caps.get()))
    return {};
  // What is further off is a mistake, and no picture.
  constexpr double most = 16;
  if (info.par_n > 0 && info.par_d > 0)
    facts.pixel_aspect = std::clamp(static_cast<double>(info.par_n) / info.par_d, 1 / most, most);
  const auto* structure = gst_caps_get_structure(caps.get(), 0);
  gst_structure_get_int(structure, "orientation", &facts.orientation);
  return read_crop(structure, {info.width, info.height}, facts);
}

std::optional<FrameSize> read_size(const PictureBytes& picture, Facts& facts) {
  const auto& type = picture.media_type;
  if (type == "image/jpeg")
    return read_jpeg(picture.bytes, facts);
  if (type == "image/png")
    return png_size(picture.bytes);
  if (type == "image/webp")
    return webp_size(picture.bytes);
  if (type == "image/gif")
    return gif_size(picture.bytes);
  if (type == "image/bmp")
    return bmp_size(picture.bytes);
  if (type == "image/tiff")
    return tiff_size(picture.bytes);
  if (is_raw(picture))
    return read_raw(type, facts);
  return heif_size(picture.bytes);
}

}  // namespace

bool is_raw(const PictureBytes& picture) {
  return picture.media_type.starts_with(raw_type);
}

FrameSize Facts::shown() const {
  auto size = stored;
  // The side that has to grow does, so that no pixel is lost.
  if (pixel_aspect > 1)
    size.width = static_cast<int>(std::lround(size.width * pixel_aspect));
  if (pixel_aspect < 1)
    size.height = static_cast<int>(std::lround(size.height / pixel_aspect));
  return is_sideways() ? transposed(size) : size;
}

std::string to_text(FrameSize size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

Result<Facts> inspect(const PictureBytes& picture) {
  Facts facts;
  const auto size = read_size(picture, facts);
  if (!size)
    return Error{.code = ErrorCode::wrong_type,
                 .text = "The picture is damaged: its header tells no size. Try another file.",
                 .debug = "inspect: no size in " + picture.media_type};
  facts.stored = *size;
  if (!is_raw(picture))
    facts.orientation = exif_orientation(picture.bytes, picture.media_type);
  return facts;
}

}  // namespace modelverse::picture
