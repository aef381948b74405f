// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 of a growing file: computed while bytes arrive in order, otherwise read from the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "api/sha256.h"
#include "core/result.h"

namespace modelverse::store {

class Digest {
 public:
  // Bytes that do not continue the previous ones are ignored; catch_up() reads them from the file.
  void feed(std::uint64_t offset, std::span<const std::byte> bytes);
  std::uint64_t position() const { return position_; }
  Status catch_up(int fd, std::uint64_t size, const std::string& path);
  // The file was truncated to `size`.
  void cut(std::uint64_t size);
  // 64 hex digits over the bytes so far; more may follow.
  std::string hex() const { return sum_.hex(); }

 private:
  api::Sha256 sum_;
  std::uint64_t position_ = 0;  // bytes fed
};

}  // namespace modelverse::store
