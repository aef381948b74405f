// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes generated on demand, so that only a few are in memory at a time. They never change, so any
// thread can read them again from any offset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace modelverse {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Known before the first read.
  virtual std::uint64_t size() const = 0;
  // Copies bytes from `offset` on into `into`; fewer than its size only at the end. Returns the
  // number of bytes.
  virtual std::size_t read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

}  // namespace modelverse
