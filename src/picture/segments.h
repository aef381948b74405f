// SPDX-License-Identifier: LGPL-2.1-or-later
// Iterates over the segments or chunks of a picture's file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace modelverse::picture {

inline constexpr std::uint32_t jpeg_end_of_image = 0xd9;
inline constexpr std::uint32_t jpeg_start_of_scan = 0xda;

struct JpegSegment {
  std::uint32_t marker = 0;  // the second byte
  std::string_view payload;  // empty for a marker without a segment
};

class JpegSegments {
 public:
  explicit JpegSegments(std::string_view bytes) : bytes_(bytes) {}
  // Nothing: end of the bytes. In a scan's data, stuffed bytes and restart markers are returned as
  // markers without a segment.
  std::optional<JpegSegment> next();
  // The end of the last returned segment.
  std::size_t position() const { return pos_; }

 private:
  std::string_view bytes_;
  std::size_t pos_ = 2;
};

struct Chunk {
  std::string_view type;  // four letters
  std::string_view payload;
};

class PngChunks {
 public:
  explicit PngChunks(std::string_view bytes) : bytes_(bytes) {}
  // Nothing: end of the bytes, or an incomplete chunk.
  std::optional<Chunk> next();

 private:
  std::string_view bytes_;
  std::size_t pos_ = 8;
};

// The chunks within a WebP's RIFF.
class WebpChunks {
 public:
  explicit WebpChunks(std::string_view bytes) : bytes_(bytes) {}
  std::optional<Chunk> next();

 private:
  std::string_view bytes_;
  std::size_t pos_ = 12;
};

// The payload of the first chunk of this type; empty if there is none.
template <typename Chunks>
std::string_view payload_of(std::string_view bytes, std::string_view type) {
  Chunks chunks(bytes);
  while (const auto chunk = chunks.next()) {
    if (chunk->type == type)
      return chunk->payload;
  }
  return {};
}

// The end of a GIF's first frame. Nothing: no frame, or an incomplete one.
std::optional<std::size_t> first_frame_end(std::string_view gif);

}  // namespace modelverse::picture
