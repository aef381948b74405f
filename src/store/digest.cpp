// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 of a file that grows: fed while bytes pass by in order, caught up from the file
// otherwise.
#include "store/digest.h"

#include <algorithm>
#include <memory>

#include "store/io.h"

namespace modelverse::store {

namespace {
constexpr std::size_t step = 256 * 1024;  // bytes
}

Digest::Digest() : checksum_(g_checksum_new(G_CHECKSUM_SHA256)) {}

void Digest::feed(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (offset != position_)
    return;
  g_checksum_update(checksum_.get(), reinterpret_cast<const guchar*>(bytes.data()),
                    static_cast<gssize>(bytes.size()));
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
  g_checksum_reset(checksum_.get());
  position_ = 0;
}

std::string Digest::hex() const {
  // g_checksum_get_string() closes a checksum: close a copy.
  const ChecksumPtr copy(g_checksum_copy(checksum_.get()));
  return g_checksum_get_string(copy.get());
}

}  // namespace modelverse::store
