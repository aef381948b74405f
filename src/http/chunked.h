// SPDX-License-Identifier: LGPL-2.1-or-later
// A strict decoder of the chunked transfer coding (RFC 9112, 7.1): a body is complete only with its
// last chunk. The trailer section that follows, and its empty line, are not waited for: a server
// that closes before them has sent all of the body, and the connection is not used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace modelverse::http {

class ChunkDecoder {
 public:
  // Decodes the next received bytes in place: moves the data to the front and returns its size.
  // Bytes after the end of the body are dropped.
  std::size_t decode(std::span<std::byte> wire);
  bool complete() const { return state_ == State::complete; }
  // The input is not chunked coding; no more data is returned.
  bool broken() const { return state_ == State::broken; }

 private:
  enum class State { size, extension, data, data_end, complete, broken };

  State step(char c);
  State on_size(char c);
  State after_size() const { return left_ > 0 ? State::data : State::complete; }
  State on_data_end(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the chunk
  unsigned digits_ = 0;
  bool seen_cr_ = false;
  std::size_t overhead_ = 0;  // bytes since the last chunk's data
};

}  // namespace modelverse::http
