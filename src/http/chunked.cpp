// SPDX-License-Identifier: LGPL-2.1-or-later
// A state machine over the bytes between the chunks; chunk data is moved in blocks.
#include "http/chunked.h"

#include <algorithm>
#include <cstring>

namespace modelverse::http {
namespace {

constexpr unsigned max_digits = 15;  // the size stays below 2^60
constexpr std::size_t max_overhead = std::size_t{64} << 10;

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t ChunkDecoder::decode(std::span<std::byte> wire) {
  std::size_t out = 0;
  std::size_t in = 0;
  while (in < wire.size() && state_ != State::complete && state_ != State::broken) {
    if (state_ != State::data) {
      state_ = step(static_cast<char>(wire[in++]));
      continue;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, wire.size() - in));
    std::memmove(wire.data() + out, wire.data() + in, size);
    in += size;
    out += size;
    left_ -= size;
    if (left_ == 0)
      state_ = State::data_end;
  }
  return out;
}

ChunkDecoder::State ChunkDecoder::step(char c) {
  if (++overhead_ > max_overhead)
    return State::broken;
  switch (state_) {
    case State::size:
      return on_size(c);
    case State::extension:
      return c == '\n' ? after_size() : State::extension;
    case State::data_end:
      return on_data_end(c);
    case State::data:
    case State::complete:
    case State::broken:
      break;
  }
  return state_;
}

ChunkDecoder::State ChunkDecoder::on_size(char c) {
  if (const int digit = hex_value(c); digit >= 0) {
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return ++digits_ > max_digits ? State::broken : State::size;
  }
  if (digits_ == 0)
    return State::broken;
  if (c == '\n')
    return after_size();
  return c == '\r' || c == ';' || c == ' ' || c == '\t' ? State::extension : State::broken;
}

ChunkDecoder::State ChunkDecoder::on_data_end(char c) {
  if (c == '\r' && !seen_cr_) {
    seen_cr_ = true;
    return State::data_end;
  }
  seen_cr_ = false;
  overhead_ = 0;
  digits_ = 0;
  left_ = 0;
  return c == '\n' ? State::size : State::broken;
}

}  // namespace modelverse::http
