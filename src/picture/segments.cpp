// SPDX-License-Identifier: LGPL-2.1-or-later
// Walking over markers, names and lengths.
#include "picture/segments.h"

#include <algorithm>

#include "picture/bytes.h"

namespace modelverse::picture {

std::optional<JpegSegment> JpegSegments::next() {
  while (pos_ + 2 <= bytes_.size()) {
    const auto marker = byte_at(bytes_, pos_ + 1);
    if (byte_at(bytes_, pos_) != 0xff || marker == 0xff) {
      ++pos_;  // fill bytes, or stray ones, which decoders skip as well
      continue;
    }
    pos_ += 2;
    const bool is_alone =
        marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8) || marker == jpeg_end_of_image;
    if (is_alone)
      return JpegSegment{marker, {}};
    const auto start = pos_ + 2;
    if (start > bytes_.size())
      return {};
    pos_ += big_endian_16(bytes_, pos_);
    if (pos_ > bytes_.size())
      return {};
    return JpegSegment{marker, bytes_.substr(start, std::max(pos_, start) - start)};
  }
  return {};
}

std::optional<Chunk> PngChunks::next() {
  constexpr std::size_t frame = 12;  // length, type and CRC
  if (pos_ + frame > bytes_.size())
    return {};
  const std::size_t length = big_endian_32(bytes_, pos_);
  if (length > bytes_.size() - pos_ - frame)
    return {};
  const Chunk chunk{bytes_.substr(pos_ + 4, 4), bytes_.substr(pos_ + 8, length)};
  pos_ += frame + length;
  return chunk;
}

std::optional<Chunk> WebpChunks::next() {
  constexpr std::size_t frame = 8;  // type and length
  if (pos_ + frame > bytes_.size())
    return {};
  const std::size_t length = little_endian_32(bytes_, pos_ + 4);
  if (length > bytes_.size() - pos_ - frame)
    return {};
  const Chunk chunk{bytes_.substr(pos_, 4), bytes_.substr(pos_ + frame, length)};
  pos_ += frame + length + length % 2;
  return chunk;
}

}  // namespace modelverse::picture
