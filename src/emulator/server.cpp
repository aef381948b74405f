// SPDX-License-Identifier: LGPL-2.1-or-later
#include "emulator/server.h"

#include <sys/socket.h>

namespace emulator {
namespace {

HttpRequest request_of(SoupServerMessage* message, int result_port) {
  HttpRequest request;
  request.method = soup_server_message_get_method(message);
  GUri* uri = soup_server_message_get_uri(message);
  request.path = g_uri_get_path(uri);
  request.query = g_uri_get_query(uri) ? g_uri_get_query(uri) : "";
  request.headers = soup_server_message_get_request_headers(message);
  SoupMessageBody* body = soup_server_message_get_request_body(message);
  request.body = adopt_blob(soup_message_body_flatten(body));
  GSocketAddress* address = soup_server_message_get_local_address(message);
  request.is_for_results =
      g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address)) == result_port;
  return request;
}

// Opens one more listener and returns its port; 0 and the error if it fails.
//
// libsoup has a listen backlog of ten. Beyond that, the kernel sends SYN cookies and, while the
// queue stays full, resets clients that return one: a fault that no script has requested.
int add_listener(SoupServer* soup, int port, bool is_tls, GError** error) {
  constexpr int backlog = 1024;
  g_autoptr(GSocket) socket =
      g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr(GSocketAddress) any =
      g_inet_socket_address_new_from_string("127.0.0.1", static_cast<guint>(port));
  if (!socket)
    return 0;
  g_socket_set_listen_backlog(socket, backlog);
  const auto how = is_tls ? SOUP_SERVER_LISTEN_HTTPS : SoupServerListenOptions{};
  if (!g_socket_bind(socket, any, TRUE, error) || !g_socket_listen(socket, error) ||
      !soup_server_listen_socket(soup, socket, how, error))
    return 0;
  g_autoptr(GSocketAddress) bound = g_socket_get_local_address(socket, nullptr);
  return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
}

std::string url_of(int port, bool is_tls) {
  return (is_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port);
}

}  // namespace

std::string Server::listen() {
  const bool is_tls = options_.tls_certificate_file;
  g_autoptr(GError) error = nullptr;
  if (is_tls) {
    ObjectPtr<GTlsCertificate> certificate(g_tls_certificate_new_from_files(
        options_.tls_certificate_file, options_.tls_key_file, &error));
    if (!certificate)
      return error->message;
    soup_server_set_tls_certificate(soup_.get(), certificate.get());
  }
  soup_server_add_handler(soup_.get(), nullptr, on_request, this, nullptr);
  const bool has_tls_results = is_tls && !options_.results_without_tls;
  const int port = add_listener(soup_.get(), options_.port, is_tls, &error);
  result_port_ = port ? add_listener(soup_.get(), 0, has_tls_results, &error) : 0;
  if (!result_port_)
    return error->message;
  base_url_ = url_of(port, is_tls);
  service_.set_base_urls(base_url_, url_of(result_port_, has_tls_results));
  return {};
}

void Server::on_request(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                        gpointer data) {
  auto* server = static_cast<Server*>(data);
  server->transmissions_.emplace_back(
      message, server->service_.respond(request_of(message, server->result_port_)));
  g_signal_connect(message, "finished", G_CALLBACK(on_finished), server);
}

void Server::on_finished(SoupServerMessage* message, gpointer data) {
  static_cast<Server*>(data)->transmissions_.remove_if(
      [message](const Transmission& one) { return one.message() == message; });
}

}  // namespace emulator
