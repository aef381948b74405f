// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a response's body from libsoup's stream into a BodySink.
#pragma once

#include <libsoup/soup.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "http/chunked.h"
#include "http/exchange_watch.h"
#include "http/transport.h"

namespace modelverse::http {

// How a body ended; `interrupted`: see ExchangeWatch::why().
struct BodyEnd {
  enum class Kind { whole, interrupted, failed, cut, miscoded, not_taken };
  Kind kind = Kind::whole;
  std::string text;  // cut: how much was received
};

class SoupBody {
 public:
  SoupBody(SoupMessage* message, GInputStream* stream, GMainContext* context, ExchangeWatch& watch);
  // Sets `error` if the result is `failed`.
  BodyEnd read(BodySink& sink, ErrorSlot& error);
  // The connection can be used for the next request.
  bool is_reusable() const { return !chunks_; }

 private:
  // The size that fill() read, and the next step.
  enum class Then { more, wait, end, failed };
  struct Filled {
    std::size_t size = 0;
    Then then = Then::more;
  };
  Filled fill(std::span<std::byte> space, ErrorSlot& error);
  std::size_t decode(std::span<std::byte> wire);
  BodyEnd end() const;
  void wait_readable();

  SoupMessage* message_;
  GInputStream* source_;
  GMainContext* context_;
  ExchangeWatch& watch_;
  std::optional<ChunkDecoder> chunks_;
  std::uint64_t received_ = 0;
};

}  // namespace modelverse::http
