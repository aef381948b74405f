// SPDX-License-Identifier: LGPL-2.1-or-later
// One HTTP exchange, as the rest of the house sees it. No redirect is followed, no credential is
// added, nothing is retried: those are rules, and rules live in src/job.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/byte_source.h"
#include "core/clock.h"
#include "core/result.h"
#include "glib/handles.h"

namespace modelverse::http {

struct Header {
  std::string name;
  std::string value;
};

enum class Method { get, post };

struct Request {
  Method method = Method::get;
  std::string url;  // absolute, http or https
  std::vector<Header> headers;
  std::shared_ptr<const ByteSource> body;  // POST only; read while it is sent
  std::string content_type;
  // The body of the response has to be there as soon as the headers are: see
  // TransportOptions::timeout.
  bool is_response_short = false;
  // The whole exchange must be over by then, body included; nothing: only silence ends it.
  std::optional<Clock::TimePoint> deadline;
  // The limit for the whole response, counted from the first byte of the request. It replaces both
  // limits of TransportOptions::timeout from there on; connecting and TLS stay under them.
  std::optional<std::chrono::seconds> response_timeout;
};

struct Response {
  unsigned status = 0;
  std::vector<Header> headers;
  // Case-insensitive; nullptr when absent; the first where there are several.
  const std::string* header(std::string_view name) const;
};

// Receives a response's body, straight into memory of its own.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // The headers have arrived. False: the body is not wanted, the exchange ends well without it.
  virtual bool begin(const Response& response) = 0;
  // Where the next bytes go; never empty. Valid until commit().
  virtual std::span<std::byte> space() = 0;
  // `size` bytes have been put there: all of it, or what has arrived so far. False ends the
  // exchange with Fault::sink.
  virtual bool commit(std::size_t size) = 0;
  // Nothing more has arrived for now, or will. Until then commits follow each other so closely that
  // passing on each of them would cost more than it gains.
  virtual void rest() {}
};

enum class FaultKind {
  name_not_found,  // the host's name does not resolve
  refused,         // nobody listens there
  unreachable,     // no route, network down, proxy cannot be reached
  tls,             // handshake failed or the certificate is not trusted
  timed_out,       // silence for `timeout`, or `deadline` passed
  reset,           // the connection broke, before or within the response
  early_close,     // the body ended before its Content-Length
  protocol,        // not HTTP, or a URL that cannot be requested
  sink,            // BodySink::commit() refused
  too_many_files,  // this process may open no more descriptors
  cancelled,       // `stop` was requested
};

struct Fault {
  FaultKind kind = FaultKind::protocol;
  // The last byte of the request was handed to the connection, so the server may have acted on it.
  // While it is false the server has at most a part of the request, which is not one.
  bool is_request_sent = false;
  std::string text;  // "Could not connect to 127.0.0.1: Connection refused"; holds no secret
};

// A response whose body was received whole (or not wanted), or the fault that ended the exchange.
using Outcome = std::variant<Response, Fault>;

// Made on any thread, then used by one thread.
class Transport {
 public:
  virtual ~Transport() = default;
  // Blocks until the exchange is over. A requested `stop` ends it at once, from any state.
  virtual Outcome exchange(const Request& request, BodySink& sink, std::stop_token stop) = 0;
};

struct TransportOptions {
  // s of silence on one connection, name resolution and TLS included; 0: no limit. The headers of a
  // response have to be whole after twice as long, counted from the end of the request or from the
  // last informational response: a peer that sends a byte now and then is not silent.
  unsigned timeout = 30;
  std::string proxy;                     // URI; empty: the system's resolver
  ObjectPtr<GTlsDatabase> tls_database;  // null: the system's
};

// Takes the descriptor that a transport needs for itself; null where the process may open no more.
// An exchange then opens what its connection needs, and fails as FaultKind::unreachable without it.
std::unique_ptr<Transport> make_soup_transport(TransportOptions options);

// Collects a body up to `limit` bytes; a longer one ends the exchange with FaultKind::sink.
class BoundedBody final : public BodySink {
 public:
  explicit BoundedBody(std::size_t limit) : limit_(limit) {}
  bool begin(const Response& response) override;
  std::span<std::byte> space() override;
  bool commit(std::size_t size) override;
  const std::string& text() const { return text_; }
  // The headers of the response, once they are there.
  const std::optional<Response>& response() const { return response_; }
  bool overflowed() const { return overflowed_; }

 private:
  std::size_t limit_;
  std::optional<Response> response_;
  std::string text_;
  std::vector<std::byte> buffer_;
  bool overflowed_ = false;
};

}  // namespace modelverse::http
