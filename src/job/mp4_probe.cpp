// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks over the top-level boxes.
#include "job/mp4_probe.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace modelverse::job {

namespace {

struct Box {
  std::uint64_t size = 0;  // header included; 0: to the end of the file
  char type[4] = {};
  bool is(std::string_view name) const { return std::memcmp(type, name.data(), 4) == 0; }
};

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes)
    value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

std::optional<Box> read_box(std::span<const std::byte> at) {
  if (at.size() < 8)
    return std::nullopt;
  Box box;
  box.size = big_endian(at.first(4));
  std::memcpy(box.type, at.data() + 4, 4);
  if (box.size == 1) {
    if (at.size() < 16)
      return std::nullopt;
    box.size = big_endian(at.subspan(8, 8));
  }
  return box;
}

}  // namespace

Mp4Layout probe_mp4(std::span<const std::byte> start) {
  const auto first = read_box(start);
  if (!first)
    return Mp4Layout::need_more;
  if (!first->is("ftyp") || first->size < 16 || first->size > 4096)
    return Mp4Layout::not_mp4;
  std::uint64_t offset = first->size;
  while (offset < start.size()) {
    const auto box = read_box(start.subspan(offset));
    if (!box)
      break;
    if (box->is("moov") || box->is("moof"))
      return Mp4Layout::index_first;
    // A box that extends to the end, or has a size below its header, hides the following ones.
    if (box->is("mdat") || box->size < 8 || box->size > UINT64_MAX - offset)
      return Mp4Layout::index_last;
    offset += box->size;
  }
  return Mp4Layout::need_more;
}

std::uint64_t missing_mp4_bytes(std::uint64_t size, const ReadAt& read) {
  constexpr std::uint64_t short_header = 8;
  constexpr std::uint64_t long_header = 16;
  constexpr int max_boxes = 100'000;  // limit for a file of headers only
  std::uint64_t offset = 0;
  for (int boxes = 0; boxes < max_boxes && size - offset >= short_header; ++boxes) {
    const auto left = size - offset;
    const auto box = read_box(read(offset, static_cast<std::size_t>(std::min(left, long_header))));
    // A truncated long header; or a read error, which `read` has recorded.
    if (!box)
      return left < long_header ? long_header - left : 0;
    // Extends to the end, or has a size below its header.
    if (box->size < short_header)
      return 0;
    if (box->size > left)
      return box->size - left;
    offset += box->size;
  }
  return 0;
}

}  // namespace modelverse::job
