// SPDX-License-Identifier: LGPL-2.1-or-later
// SHA-256 by Nettle, which uses the processor's SHA instructions if available; GChecksum does not,
// and is four times slower then.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace modelverse::api {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void reset();
  void feed(std::span<const std::byte> bytes);
  void feed(std::string_view text) { feed(std::as_bytes(std::span(text))); }
  // 64 hex digits over the bytes so far; more may follow.
  std::string hex() const;

 private:
  struct State;  // Nettle's

  std::unique_ptr<State> state_;
};

}  // namespace modelverse::api
