// SPDX-License-Identifier: LGPL-2.1-or-later
// Is this an MP4, and does its index stand first? ISO/IEC 14496-12, 4.2: a file is a row of boxes,
// each a 32-bit big-endian size, a four-character type and, where size is 1, a 64-bit size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace modelverse::job {

enum class Mp4Layout {
  need_more,    // too little is there to tell
  not_mp4,      // no `ftyp` box at the start
  index_first,  // `moov` (or a fragment) comes before the media: playable from the start
  index_last,   // `mdat` comes first: nothing can be decoded before the end is there
};

// `start`: the file from its first byte on, as far as it is there.
Mp4Layout probe_mp4(std::span<const std::byte> start);

// How many bytes the last box of a file of `size` bytes lacks; 0: it is whole, as far as its boxes
// tell. `read` gives the bytes at an offset, as many as are asked for, or none where that fails.
using ReadAt = std::function<std::vector<std::byte>(std::uint64_t offset, std::size_t size)>;
std::uint64_t missing_mp4_bytes(std::uint64_t size, const ReadAt& read);

}  // namespace modelverse::job
