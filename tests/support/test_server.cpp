// SPDX-License-Identifier: LGPL-2.1-or-later
// One thread accepts, one more serves each connection; a GCancellable ends them all.
#include "support/test_server.h"

#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <utility>

namespace test_support {
namespace {

constexpr std::string_view end_of_headers = "\r\n\r\n";

// The Content-Length; 0 if there is none.
std::size_t body_size(std::string_view headers) {
  constexpr std::string_view name = "Content-Length: ";
  const auto at = headers.find(name);
  return at == std::string_view::npos
             ? 0
             : std::strtoul(std::string(headers.substr(at + name.size())).c_str(), nullptr, 10);
}

}  // namespace

bool Peer::fill() {
  char bytes[16384];
  const gssize size = g_input_stream_read(g_io_stream_get_input_stream(stream_), bytes,
                                          sizeof(bytes), cancellable_, nullptr);
  if (size <= 0)
    return false;
  buffer_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::optional<std::string> Peer::read_headers() {
  std::size_t end = 0;
  while ((end = buffer_.find(end_of_headers)) == std::string::npos) {
    if (!fill())
      return std::nullopt;
  }
  const std::size_t whole = end + end_of_headers.size();
  std::string text = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  return text;
}

std::string Peer::read_some(std::size_t limit) {
  if (buffer_.empty() && !fill())
    return {};
  std::string text = buffer_.substr(0, limit);
  buffer_.erase(0, text.size());
  return text;
}

std::optional<std::string> Peer::read_request() {
  auto request = read_headers();
  if (!request)
    return std::nullopt;
  const std::size_t size = body_size(*request);
  while (buffer_.size() < size) {
    if (!fill())
      return std::nullopt;
  }
  request->append(buffer_, 0, size);
  buffer_.erase(0, size);
  on_request(*request);
  return request;
}

bool Peer::send(std::string_view bytes) {
  return g_output_stream_write_all(g_io_stream_get_output_stream(stream_), bytes.data(),
                                   bytes.size(), nullptr, cancellable_, nullptr);
}

void Peer::send_for_ever(std::string_view bytes, GTimeSpan pause_us) {
  for (int sent = 1; send(bytes) && !g_cancellable_is_cancelled(cancellable_); ++sent) {
    if (sent == 3)
      when_idle();
    if (pause_us > 0)
      g_socket_condition_timed_wait(socket_, G_IO_ERR, pause_us, cancellable_, nullptr);
  }
}

void Peer::reset() {
  const linger now = {1, 0};
  setsockopt(g_socket_get_fd(socket_), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  g_socket_close(socket_, nullptr);
}

void Peer::wait_closed() {
  while (fill())
    buffer_.clear();
}

void Peer::relay(std::uint16_t port) {
  const auto client = ObjectPtr<GSocketClient>::adopt(g_socket_client_new());
  const auto far = ObjectPtr<GSocketConnection>::adopt(
      g_socket_client_connect_to_host(client.get(), "127.0.0.1", port, cancellable_, nullptr));
  if (!far)
    return;
  const auto copy = [this](GIOStream* from, GIOStream* to) {
    g_output_stream_splice(g_io_stream_get_output_stream(to), g_io_stream_get_input_stream(from),
                           G_OUTPUT_STREAM_SPLICE_NONE, cancellable_, nullptr);
  };
  std::thread back([&] {
    copy(G_IO_STREAM(far.get()), stream_);
    g_socket_shutdown(socket_, TRUE, TRUE, nullptr);
  });
  copy(stream_, G_IO_STREAM(far.get()));
  g_socket_shutdown(g_socket_connection_get_socket(far.get()), TRUE, TRUE, nullptr);
  back.join();
}

bool Peer::send_raw(std::string_view bytes) {
  return g_socket_send(socket_, bytes.data(), bytes.size(), cancellable_, nullptr) > 0;
}

void Peer::hold() {
  when_idle();
  GPollFD cancelled;
  if (!g_cancellable_make_pollfd(cancellable_, &cancelled))
    return;
  g_poll(&cancelled, 1, -1);
  g_cancellable_release_fd(cancellable_);
}

TestServer::TestServer(Script script, ObjectPtr<GTlsCertificate> certificate, std::string address)
    : script_(std::move(script)),
      certificate_(std::move(certificate)),
      address_(std::move(address)),
      cancellable_(ObjectPtr<GCancellable>::adopt(g_cancellable_new())),
      listener_(ObjectPtr<GSocketListener>::adopt(g_socket_listener_new())) {
  const auto any =
      ObjectPtr<GSocketAddress>::adopt(g_inet_socket_address_new_from_string(address_.c_str(), 0));
  GSocketAddress* bound = nullptr;
  if (!g_socket_listener_add_address(listener_.get(), any.get(), G_SOCKET_TYPE_STREAM,
                                     G_SOCKET_PROTOCOL_TCP, nullptr, &bound, nullptr))
    std::abort();
  const auto bound_address = ObjectPtr<GSocketAddress>::adopt(bound);
  port_ = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound_address.get()));
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  g_cancellable_cancel(cancellable_.get());
  acceptor_.join();
  for (std::thread& thread : threads_)
    thread.join();
}

void TestServer::accept_all() {
  // Accepting polls a main context; this thread's must be its own.
  const modelverse::MainContextPtr context(g_main_context_new());
  g_main_context_push_thread_default(context.get());
  while (GSocketConnection* connection =
             g_socket_listener_accept(listener_.get(), nullptr, cancellable_.get(), nullptr)) {
    threads_.emplace_back([this, accepted = ObjectPtr<GSocketConnection>::adopt(connection),
                           number = connections_++] { serve(accepted, number); });
  }
  g_main_context_pop_thread_default(context.get());
}

void TestServer::serve(ObjectPtr<GSocketConnection> connection, int number) {
  auto stream = ObjectPtr<GIOStream>::retain(G_IO_STREAM(connection.get()));
  bool is_ready = true;
  if (certificate_) {
    stream = ObjectPtr<GIOStream>::adopt(
        g_tls_server_connection_new(stream.get(), certificate_.get(), nullptr));
    const char* const protocols[] = {"h2", "http/1.1", nullptr};
    g_tls_connection_set_advertised_protocols(G_TLS_CONNECTION(stream.get()), protocols);
    is_ready =
        g_tls_connection_handshake(G_TLS_CONNECTION(stream.get()), cancellable_.get(), nullptr);
  }
  GSocket* socket = g_socket_connection_get_socket(connection.get());
  if (is_ready) {
    Peer peer(stream.get(), socket, cancellable_.get(), number);
    peer.on_request = [this](std::string request) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    };
    script_(peer);
  }
  g_io_stream_close(stream.get(), cancellable_.get(), nullptr);
  g_socket_close(socket, nullptr);
  const std::lock_guard lock(mutex_);
  ++ended_;
  changed_.notify_all();
}

std::string TestServer::url(std::string_view path) const {
  return (certificate_ ? "https://" : "http://") + address_ + ":" + std::to_string(port_) +
         std::string(path);
}

std::vector<std::string> TestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool TestServer::wait_ended(int connections) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return ended_ >= connections; });
}

std::string http_response(std::string_view body, std::string_view status,
                          std::string_view headers) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Length: ").append(std::to_string(body.size()));
  text.append("\r\n").append(headers).append("\r\n").append(body);
  return text;
}

}  // namespace test_support
