// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body whose Base64 is encoded while it is read.
#pragma once

#include <string>

#include "core/byte_source.h"

namespace modelverse::api {

class StreamedBody final : public ByteSource {
 public:
  // `before`, the Base64 of `bytes`, `after`.
  StreamedBody(std::string before, std::string bytes, std::string after);

  std::uint64_t size() const override;
  std::size_t read(std::uint64_t offset, std::span<std::byte> into) const override;

 private:
  std::uint64_t base64_size() const;
  std::size_t read_piece(std::uint64_t offset, std::span<std::byte> into) const;
  std::size_t encode(std::uint64_t offset, std::span<std::byte> into) const;

  const std::string before_;
  const std::string bytes_;
  const std::string after_;
};

}  // namespace modelverse::api
