// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/digest.h"

#include <algorithm>

#include "store/io.h"

namespace modelverse::store {

namespace {

constexpr std::size_t step = 256 * 1024;  // bytes

}  // namespace

void Digest::feed(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (offset != position_)
    return;
  sum_.feed(bytes);
  position_ += bytes.size();
}

Status Digest::catch_up(int fd, std::uint64_t size, const std::string& path) {
  if (position_ >= size)
    return Done{};
  const auto buffer = std::make_unique<std::byte[]>(step);
  while (position_ < size) {
    const std::size_t count = std::min<std::uint64_t>(step, size - position_);
    if (Status read = read_all(fd, buffer.get(), count, position_, path); !read)
      return read;
    feed(position_, {buffer.get(), count});
  }
  return Done{};
}

void Digest::cut(std::uint64_t size) {
  if (position_ <= size)
    return;
  sum_.reset();
  position_ = 0;
}

}  // namespace modelverse::store
