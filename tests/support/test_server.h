// SPDX-License-Identifier: LGPL-2.1-or-later
// A server on loopback that does exactly what a test's script says, well-formed or not.
#pragma once

#include <gio/gio.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "glib/handles.h"

namespace test_support {

using modelverse::ObjectPtr;

// The server's end of one connection, on a thread of its own.
class Peer {
 public:
  Peer(GIOStream* stream, GSocket* socket, GCancellable* cancellable, int number)
      : stream_(stream), socket_(socket), cancellable_(cancellable), number_(number) {}
  // The next request, headers and body; nothing if the client has closed.
  std::optional<std::string> read_request();
  // The headers alone of the next request, for a body that is too large to be kept; requests() does
  // not have it.
  std::optional<std::string> read_headers();
  // What has come of the body, up to `limit` bytes; nothing if the client has closed.
  std::string read_some(std::size_t limit);
  // Until the client's first bytes are here; false where it is gone.
  bool wait_for_bytes() { return fill(); }
  // False where the client is gone.
  bool send(std::string_view bytes);
  // Sends over and over, until the client is gone.
  void send_for_ever(std::string_view bytes, GTimeSpan pause_us = 0);
  // Ends the connection with RST.
  void reset();
  // Until the client has closed; what it still sends is thrown away.
  void wait_closed();
  // Passes bytes on in both directions between the client and a port of 127.0.0.1, until one ends.
  void relay(std::uint16_t port);
  // Until the server is destroyed, without reading.
  void hold();
  // Counted from 0 over the server's life.
  int number() const { return number_; }
  // Bytes that are none of the TLS connection's; false where the client is gone.
  bool send_raw(std::string_view bytes);
  std::function<void(std::string)> on_request;
  // hold() begins, or send_for_ever() has sent a few times.
  std::function<void()> when_idle = [] {};

 private:
  bool fill();

  GIOStream* stream_;
  GSocket* socket_;
  GCancellable* cancellable_;
  int number_;
  std::string buffer_;
};

class TestServer {
 public:
  using Script = std::function<void(Peer&)>;
  // With a certificate it speaks TLS; the script runs once the handshake is done.
  explicit TestServer(Script script, ObjectPtr<GTlsCertificate> certificate = {},
                      std::string address = "127.0.0.1");
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  std::string url(std::string_view path = "/") const;
  std::uint16_t port() const { return port_; }
  // Whole requests, in the order of their arrival.
  std::vector<std::string> requests() const;
  int connections() const { return connections_; }
  // Until the client has closed this many connections; false after a long wait.
  bool wait_ended(int connections) const;

 private:
  void accept_all();
  void serve(ObjectPtr<GSocketConnection> connection, int number);

  Script script_;
  ObjectPtr<GTlsCertificate> certificate_;
  std::string address_;
  ObjectPtr<GCancellable> cancellable_;
  ObjectPtr<GSocketListener> listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  int ended_ = 0;
  std::vector<std::string> requests_;
  std::vector<std::thread> threads_;  // of the accepting thread alone, until it has ended
  std::thread acceptor_;
};

// A response with a Content-Length.
std::string http_response(std::string_view body, std::string_view status = "200 OK",
                          std::string_view headers = {});

}  // namespace test_support
