// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes that are made while they are read, so that there are never many of them at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace modelverse {

// Its bytes never change, so it can be read again from any place and by any thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Known before anything is read.
  virtual std::uint64_t size() const = 0;
  // Puts what stands at `offset` into `into`; less than fits only at the end. How much that was.
  virtual std::size_t read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

}  // namespace modelverse
