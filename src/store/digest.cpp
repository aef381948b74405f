// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 of a growing file: computed while bytes arrive in order, otherwise read from the file.
#include "store/digest.h"

#include <nettle/sha2.h>
#include <nettle/version.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "store/io.h"

namespace modelverse::store {

namespace {

constexpr std::size_t step = 256 * 1024;  // bytes

using Sum = std::array<std::uint8_t, SHA256_DIGEST_SIZE>;

Sum sum_of(sha256_ctx context) {
  Sum sum;
#if NETTLE_VERSION_MAJOR >= 4
  sha256_digest(&context, sum.data());
#else
  sha256_digest(&context, sum.size(), sum.data());
#endif
  return sum;
}

}  // namespace

// Nettle uses the processor's SHA instructions if available; GChecksum does not, and is four times
// slower then.
struct Digest::State {
  sha256_ctx context;
};

Digest::Digest() : state_(std::make_unique<State>()) {
  sha256_init(&state_->context);
}

Digest::~Digest() = default;

void Digest::feed(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (offset != position_)
    return;
  sha256_update(&state_->context, bytes.size(),
                reinterpret_cast<const std::uint8_t*>(bytes.data()));
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
  sha256_init(&state_->context);
  position_ = 0;
}

std::string Digest::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : sum_of(state_->context))
    text += {digits[byte >> 4], digits[byte & 15]};
  return text;
}

}  // namespace modelverse::store
