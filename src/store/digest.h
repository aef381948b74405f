// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 of a file that grows: fed while bytes pass by in order, caught up from the file
// otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/result.h"

namespace modelverse::store {

class Digest {
 public:
  Digest();
  ~Digest();
  // Bytes that do not follow the last ones are left out; catch_up() fetches them from the file.
  void feed(std::uint64_t offset, std::span<const std::byte> bytes);
  std::uint64_t position() const { return position_; }
  Status catch_up(int fd, std::uint64_t size, const std::string& path);
  // The file was cut to `size`.
  void cut(std::uint64_t size);
  // 64 hex digits over what was fed so far; more may follow.
  std::string hex() const;

 private:
  struct State;  // Nettle's

  std::unique_ptr<State> state_;
  std::uint64_t position_ = 0;  // bytes fed
};

}  // namespace modelverse::store
