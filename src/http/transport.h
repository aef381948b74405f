// SPDX-License-Identifier: LGPL-2.1-or-later
// The interface for one HTTP exchange. It follows no redirect, adds no credential and retries
// nothing: src/job has these rules.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/shared_text.h"
#include "glib/handles.h"

namespace modelverse::http {

struct Header {
  std::string name;
  std::string value;
};

enum class Method { get, post };

struct HttpRequest {
  Method method = Method::get;
  std::string url;  // absolute, http or https
  std::vector<Header> headers;
  SharedText body;  // POST only
  std::string content_type;
  // The time limit of the response headers also applies to the body: see TransportOptions::timeout.
  bool is_response_short = false;
  // The end of the whole exchange, body included; nothing: only the idle timeout applies.
  std::optional<Clock::TimePoint> deadline;
  // The limit for the whole response, from the first byte of the request. It replaces both limits
  // of TransportOptions::timeout from there on; they still apply to connecting and TLS.
  std::optional<std::chrono::milliseconds> response_timeout;
  // Asked when the connection is established, which may take long: false ends the exchange as
  // cancelled, before the first byte is sent.
  std::function<bool()> may_send;
};

struct HttpResponse {
  unsigned status = 0;
  std::vector<Header> headers;
  // Case-insensitive; the first of several; nullptr if absent.
  const std::string* header(std::string_view name) const;
};

// Receives a response's body, directly into its own memory.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // The headers have arrived. False: the exchange ends successfully without the body.
  virtual bool begin(const HttpResponse& response) = 0;
  // The buffer for the next bytes; never empty. Valid until commit().
  virtual std::span<std::byte> space() = 0;
  // `size` bytes have been written to it: all of it, or the data received so far. False ends the
  // exchange with FaultKind::sink.
  virtual bool commit(std::size_t size) = 0;
  // No more data is available now, or the body has ended. Until then commits follow so closely that
  // passing on each would cost more than it gains.
  virtual void on_idle() {}
};

enum class FaultKind {
  name_not_found,  // the host's name does not resolve
  refused,         // no listener on the port
  unreachable,     // no route, network down, proxy cannot be reached
  tls,             // handshake failed or the certificate is not trusted
  timed_out,       // idle for `timeout`, or `deadline` passed
  reset,           // the connection broke before or within the response
  early_close,     // the body ended before its Content-Length
  protocol,        // not HTTP, or a URL that cannot be requested
  sink,            // BodySink::commit() refused
  too_many_files,  // no file descriptor left in this process
  cancelled,       // `stop` was requested
};

struct Fault {
  FaultKind kind = FaultKind::protocol;
  // The last byte of the request was passed to the connection, so the server may have acted on it.
  // While false, the server has at most an incomplete request.
  bool is_request_sent = false;
  // "Could not connect to 127.0.0.1: Connection refused"; no secrets. Shown to users, and thus
  // translated, if `unreachable`, `tls` or `too_many_files`; else for debug texts.
  std::string text;
};

// A response with its complete body (or a declined one), or the fault that ended the exchange.
using Outcome = std::variant<HttpResponse, Fault>;

// Created on any thread, then used by one thread.
class Transport {
 public:
  virtual ~Transport() = default;
  // Blocks until the exchange is over. A requested `stop` ends it at once, from any state.
  virtual Outcome exchange(const HttpRequest& request, BodySink& sink, std::stop_token stop) = 0;
  // No exchange follows soon: other transports may use what this one keeps open. The next exchange
  // may be on another thread.
  virtual void rest() {}
};

struct TransportOptions {
  // Idle timeout of a connection, name resolution and TLS included; 0: no limit. The response
  // headers must be complete after twice as long, from the end of the request or from the last
  // informational response: a peer that sends single bytes is not idle.
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  // URI with a host: GLib logs others, with their password. Empty: the system's resolver.
  std::string proxy;
  ObjectPtr<GTlsDatabase> tls_database;  // null: the system's
};

// Opens the descriptor that a transport needs; null if the process cannot open more. An exchange
// opens the descriptors of its connection, and the transport's after rest(), and fails if it
// cannot. Transports with the same proxy and tls_database pass their connections on to each other.
std::unique_ptr<Transport> make_soup_transport(TransportOptions options);

// Collects a body up to `limit` bytes; a longer one ends the exchange with FaultKind::sink.
class BoundedBody final : public BodySink {
 public:
  explicit BoundedBody(std::size_t limit) : limit_(limit) {}
  bool begin(const HttpResponse& response) override;
  std::span<std::byte> space() override;
  bool commit(std::size_t size) override;
  const std::string& text() const { return text_; }
  // The headers of the response, once received.
  const std::optional<HttpResponse>& response() const { return response_; }

 private:
  std::size_t limit_;
  std::optional<HttpResponse> response_;
  std::string text_;
  std::vector<std::byte> buffer_;
};

}  // namespace modelverse::http
