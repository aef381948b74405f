// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/segments.h"

#include <algorithm>

#include "picture/bytes.h"

namespace modelverse::picture {
namespace {

// 3 bytes per colour, if the flags announce a table.
std::size_t gif_colours(std::uint32_t flags) {
  return flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

// Skips length-prefixed blocks, up to the empty one.
std::size_t after_gif_blocks(std::string_view gif, std::size_t pos) {
  while (pos < gif.size() && gif[pos] != 0)
    pos += byte_at(gif, pos) + 1;
  return pos + 1;
}

}  // namespace

std::optional<JpegSegment> JpegSegments::next() {
  while (pos_ + 2 <= bytes_.size()) {
    const auto marker = byte_at(bytes_, pos_ + 1);
    if (byte_at(bytes_, pos_) != 0xff || marker == 0xff) {
      ++pos_;  // fill bytes or stray bytes, which decoders also skip
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

// GIF89a, sections 18 to 26.
std::optional<std::size_t> first_frame_end(std::string_view gif) {
  constexpr std::size_t screen = 13;
  constexpr std::size_t descriptor = 10;
  if (gif.size() < screen)
    return {};
  auto pos = screen + gif_colours(byte_at(gif, 10));
  while (pos + 2 < gif.size() && gif[pos] == '!')
    pos = after_gif_blocks(gif, pos + 2);
  if (pos + descriptor > gif.size() || gif[pos] != ',')
    return {};
  const auto data = pos + descriptor + gif_colours(byte_at(gif, pos + 9)) + 1;
  const auto end = after_gif_blocks(gif, data);
  return end <= gif.size() ? std::optional(end) : std::nullopt;
}

}  // namespace modelverse::picture
