// SPDX-License-Identifier: LGPL-2.1-or-later
// Two listeners on loopback.
#include "emulator/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <vector>

namespace emulator {
namespace {

void collect_header(const char* name, const char* value, gpointer headers) {
  CharPtr lower(g_ascii_strdown(name, -1));
  static_cast<TextPairs*>(headers)->emplace_back(lower.get(), value);
}

Request request_of(SoupServerMessage* message, bool is_for_results) {
  Request request;
  request.method = soup_server_message_get_method(message);
  GUri* uri = soup_server_message_get_uri(message);
  request.path = g_uri_get_path(uri);
  request.query = g_uri_get_query(uri) ? g_uri_get_query(uri) : "";
  soup_message_headers_foreach(soup_server_message_get_request_headers(message), collect_header,
                               &request.headers);
  SoupMessageBody* body = soup_server_message_get_request_body(message);
  request.body = adopt_blob(soup_message_body_flatten(body));
  request.is_for_results = is_for_results;
  GSocketAddress* peer = soup_server_message_get_remote_address(message);
  if (G_IS_INET_SOCKET_ADDRESS(peer))
    request.remote_port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(peer));
  return request;
}

using BytesPtr = std::unique_ptr<GBytes, Release<g_bytes_unref>>;

BytesPtr body_of(const Reply& reply) {
  if (const Blob& blob = reply.content.blob())
    return BytesPtr(g_bytes_new_from_bytes(blob.get(), reply.first, reply.length));
  auto* data = static_cast<unsigned char*>(g_malloc(reply.length));
  reply.content.copy(reply.first, {data, reply.length});
  return BytesPtr(g_bytes_new_take(data, reply.length));
}

void give_to_libsoup(SoupServerMessage* message, const Reply& reply) {
  // libsoup would cut a 200 down to the range itself.
  soup_message_headers_remove(soup_server_message_get_request_headers(message), "Range");
  soup_server_message_set_status(message, static_cast<guint>(reply.status), nullptr);
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  for (const auto& [name, value] : reply.headers)
    soup_message_headers_replace(headers, name.c_str(), value.c_str());
  if (reply.length == 0)
    return;
  const BytesPtr body = body_of(reply);
  soup_message_body_append_bytes(soup_server_message_get_response_body(message), body.get());
}

// libsoup lets ten connections wait to be accepted. Beyond that the kernel sends SYN cookies and,
// while the queue stays full, resets who comes back with one: a fault that nobody has scripted.
void take_bursts(SoupServer* soup) {
  constexpr int backlog = 1024;
  g_autoptr(GSList) sockets = soup_server_get_listeners(soup);
  for (GSList* item = sockets; item; item = item->next)
    ::listen(g_socket_get_fd(G_SOCKET(item->data)), backlog);
}

std::string listening_url(SoupServer* soup) {
  g_autoptr(GSList) uris = soup_server_get_uris(soup);
  std::string url;
  for (GSList* item = uris; item; item = item->next) {
    UriPtr uri(static_cast<GUri*>(item->data));
    url = std::string(g_uri_get_scheme(uri.get())) +
          "://127.0.0.1:" + std::to_string(g_uri_get_port(uri.get()));
  }
  return url;
}

}  // namespace

Server::~Server() {
  for (const Later& later : later_)
    g_source_remove(later.source);
  for (Listener* listener : {&api_, &results_}) {
    if (listener->soup)
      soup_server_disconnect(listener->soup.get());
  }
}

std::string Server::listen() {
  std::string result_url;
  results_.is_for_results = true;
  std::string problem = open(api_, options_.port, base_url_);
  if (problem.empty())
    problem = open(results_, 0, result_url);
  if (problem.empty())
    service_.set_base_urls(base_url_, result_url);
  return problem;
}

std::string Server::open(Listener& listener, guint port, std::string& url) {
  listener.server = this;
  listener.soup.reset(soup_server_new(nullptr, nullptr));
  SoupServer* soup = listener.soup.get();
  const bool has_certificate = !options_.tls_certificate_file.empty();
  const bool is_tls = has_certificate && !(listener.is_for_results && options_.results_without_tls);
  ErrorSlot error;
  if (is_tls) {
    ObjectPtr<GTlsCertificate> certificate(g_tls_certificate_new_from_files(
        options_.tls_certificate_file.c_str(), options_.tls_key_file.c_str(), error.out()));
    if (!certificate)
      return error.message();
    soup_server_set_tls_certificate(soup, certificate.get());
  }
  soup_server_add_handler(soup, nullptr, on_request, &listener, nullptr);
  const auto how = static_cast<SoupServerListenOptions>(SOUP_SERVER_LISTEN_IPV4_ONLY |
                                                        (is_tls ? SOUP_SERVER_LISTEN_HTTPS : 0));
  if (!soup_server_listen_local(soup, port, how, error.out()))
    return error.message();
  take_bursts(soup);
  url = listening_url(soup);
  return {};
}

void Server::on_request(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                        gpointer listener) {
  const auto* from = static_cast<Listener*>(listener);
  Delivery delivery = from->server->service_.answer(request_of(message, from->is_for_results));
  const bool is_delayed = delivery.rule && delivery.rule->delay > 0;
  if (is_delayed || needs_raw_answer(delivery))
    from->server->deliver_later(message, std::move(delivery));
  else
    give_to_libsoup(message, delivery.reply);
}

void Server::deliver_later(SoupServerMessage* message, Delivery delivery) {
  const double delay = delivery.rule ? delivery.rule->delay : 0;
  const auto milliseconds = static_cast<guint>(std::min(delay * 1000, 1e9));
  soup_server_message_pause(message);
  ObjectPtr<SoupServerMessage> kept(SOUP_SERVER_MESSAGE(g_object_ref(message)));
  Later& later = later_.emplace_back(Later{this, std::move(kept), std::move(delivery)});
  later.source = g_timeout_add(milliseconds, on_later, &later);
}

gboolean Server::on_later(gpointer data) {
  auto* later = static_cast<Later*>(data);
  Server* server = later->server;
  server->deliver(*later);
  server->later_.remove_if([later](const Later& item) { return &item == later; });
  return G_SOURCE_REMOVE;
}

void Server::deliver(Later& later) {
  SoupServerMessage* message = later.message.get();
  GSocket* socket = soup_server_message_get_socket(message);
  if (!socket)
    return;  // the peer has left
  if (!needs_raw_answer(later.delivery)) {
    give_to_libsoup(message, later.delivery.reply);
    soup_server_message_unpause(message);
    return;
  }
  RawConnection connection;
  connection.socket.reset(G_SOCKET(g_object_ref(socket)));
  const bool is_head_only = soup_server_message_get_method(message) == SOUP_METHOD_HEAD;
  connection.stream.reset(soup_server_message_steal_connection(message));
  if (connection.stream)
    raw_answers_.send(std::move(connection), std::move(later.delivery), is_head_only);
}

}  // namespace emulator
