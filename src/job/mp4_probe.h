// SPDX-License-Identifier: LGPL-2.1-or-later
// Recognises an MP4 and the position of its index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace modelverse::job {

enum class Mp4Layout {
  need_more,    // more bytes are needed to decide
  not_mp4,      // no `ftyp` box at the start
  index_first,  // `moov` (or a fragment) comes before the media: playable from the start
  index_last,   // `mdat` comes first: decoding needs the end of the file
};

// `start`: the bytes from the start of the file that are available.
Mp4Layout probe_mp4(std::span<const std::byte> start);

// Number of bytes that the last box of a file of `size` bytes lacks; 0: the file is complete, as
// far as its boxes show. `read` returns exactly the requested bytes at an offset, or none on error.
using ReadAt = std::function<std::vector<std::byte>(std::uint64_t offset, std::size_t size)>;
std::uint64_t missing_mp4_bytes(std::uint64_t size, const ReadAt& read);

}  // namespace modelverse::job
