// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks over the top-level boxes.
#include "job/mp4_probe.h"

#include <algorithm>
#include <optional>

#include "core/box.h"

namespace modelverse::job {

namespace {

std::optional<BoxHeader> read_box(std::span<const std::byte> at) {
  return read_box_header({reinterpret_cast<const char*>(at.data()), at.size()});
}

}  // namespace

Mp4Layout probe_mp4(std::span<const std::byte> start) {
  const auto first = read_box(start);
  if (!first)
    return Mp4Layout::need_more;
  if (first->type != "ftyp" || first->size < 16 || first->size > 4096)
    return Mp4Layout::not_mp4;
  std::uint64_t offset = first->size;
  while (offset < start.size()) {
    const auto box = read_box(start.subspan(offset));
    if (!box)
      break;
    if (box->type == "moov" || box->type == "moof")
      return Mp4Layout::index_first;
    if (box->type == "mdat" || box->is_last() || box->size > UINT64_MAX - offset)
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
    if (box->is_last())
      return 0;
    if (box->size > left)
      return box->size - left;
    offset += box->size;
  }
  return 0;
}

}  // namespace modelverse::job
