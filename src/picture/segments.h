// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts that a picture's file is made of, one after the other, without looking into them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace modelverse::picture {

inline constexpr std::uint32_t jpeg_end_of_image = 0xd9;
inline constexpr std::uint32_t jpeg_start_of_scan = 0xda;

struct JpegSegment {
  std::uint32_t marker = 0;  // its second byte
  std::string_view payload;  // empty for a marker that stands alone
};

// Up to the first scan.
class JpegSegments {
 public:
  explicit JpegSegments(std::string_view bytes) : bytes_(bytes) {}
  // Nothing: the bytes have ended. Not to be asked again after the start of a scan.
  std::optional<JpegSegment> next();
  // Where the segment that was given out last ends.
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
  // Nothing: the bytes have ended, or the chunk is not all there.
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

}  // namespace modelverse::picture
