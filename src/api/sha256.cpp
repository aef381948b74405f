// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/sha256.h"

#include <nettle/sha2.h>
#include <nettle/version.h>

#include <array>
#include <cstdint>

namespace modelverse::api {

namespace {

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

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  reset();
}

Sha256::~Sha256() = default;

void Sha256::reset() {
  sha256_init(&state_->context);
}

void Sha256::feed(std::span<const std::byte> bytes) {
  sha256_update(&state_->context, bytes.size(),
                reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::string Sha256::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : sum_of(state_->context))
    text += {digits[byte >> 4], digits[byte & 15]};
  return text;
}

}  // namespace modelverse::api
