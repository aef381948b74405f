// SPDX-License-Identifier: LGPL-2.1-or-later
// A response's body on its way from libsoup's stream into a BodySink.
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

// How a body ended; `interrupted`: the watch knows why.
struct BodyEnd {
  enum class Kind { whole, interrupted, failed, cut, miscoded, not_taken };
  Kind kind = Kind::whole;
  std::string text;  // cut: how much was there
};

class SoupBody {
 public:
  SoupBody(SoupMessage* message, GInputStream* stream, GMainContext* context, ExchangeWatch& watch);
  // `error` is set where the end is `failed`.
  BodyEnd read(BodySink& sink, ErrorSlot& error);
  // The connection has been left where libsoup expects it, for the next request.
  bool is_reusable() const { return !chunks_; }

 private:
  // What fill() put there, and what comes next.
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
