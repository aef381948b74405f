// SPDX-License-Identifier: LGPL-2.1-or-later
#include "emulator/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <vector>

namespace emulator {
namespace {

HttpRequest request_of(SoupServerMessage* message, bool is_for_results) {
  HttpRequest request;
  request.method = soup_server_message_get_method(message);
  GUri* uri = soup_server_message_get_uri(message);
  request.path = g_uri_get_path(uri);
  request.query = g_uri_get_query(uri) ? g_uri_get_query(uri) : "";
  request.headers = soup_server_message_get_request_headers(message);
  SoupMessageBody* body = soup_server_message_get_request_body(message);
  request.body = adopt_blob(soup_message_body_flatten(body));
  request.is_for_results = is_for_results;
  return request;
}

using BytesPtr = std::unique_ptr<GBytes, Release<g_bytes_unref>>;

BytesPtr body_of(const HttpResponse& response) {
  if (const Blob& blob = response.content.blob())
    return BytesPtr(g_bytes_new_from_bytes(blob.get(), response.first, response.length));
  auto* data = static_cast<unsigned char*>(g_malloc(response.length));
  response.content.copy(response.first, {data, response.length});
  return BytesPtr(g_bytes_new_take(data, response.length));
}

void send_with_libsoup(SoupServerMessage* message, const HttpResponse& response) {
  // libsoup would reduce a 200 to the range itself.
  soup_message_headers_remove(soup_server_message_get_request_headers(message), "Range");
  soup_server_message_set_status(message, static_cast<guint>(response.status), nullptr);
  const auto set = [](const char* name, const char* value, gpointer headers) {
    soup_message_headers_replace(static_cast<SoupMessageHeaders*>(headers), name, value);
  };
  soup_message_headers_foreach(response.headers.get(), set,
                               soup_server_message_get_response_headers(message));
  if (response.length == 0)
    return;
  const BytesPtr body = body_of(response);
  soup_message_body_append_bytes(soup_server_message_get_response_body(message), body.get());
}

// libsoup has a listen backlog of ten. Beyond that, the kernel sends SYN cookies and, while the
// queue stays full, resets clients that return one: a fault that no script has requested.
void raise_backlog(SoupServer* soup) {
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
  for (const DelayedResponse& delayed : delayed_)
    g_source_remove(delayed.source);
  for (Listener* listener : {&api_, &results_}) {
    if (listener->soup)
      soup_server_disconnect(listener->soup.get());
  }
}

std::string Server::listen() {
  std::string result_url;
  results_.is_for_results = true;
  std::string problem = open(api_, static_cast<guint>(options_.port), base_url_);
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
  const bool is_tls =
      options_.tls_certificate_file && !(listener.is_for_results && options_.results_without_tls);
  ErrorSlot error;
  if (is_tls) {
    ObjectPtr<GTlsCertificate> certificate(g_tls_certificate_new_from_files(
        options_.tls_certificate_file, options_.tls_key_file, error.out()));
    if (!certificate)
      return error.message();
    soup_server_set_tls_certificate(soup, certificate.get());
  }
  soup_server_add_handler(soup, nullptr, on_request, &listener, nullptr);
  const auto how = static_cast<SoupServerListenOptions>(SOUP_SERVER_LISTEN_IPV4_ONLY |
                                                        (is_tls ? SOUP_SERVER_LISTEN_HTTPS : 0));
  if (!soup_server_listen_local(soup, port, how, error.out()))
    return error.message();
  raise_backlog(soup);
  url = listening_url(soup);
  return {};
}

void Server::on_request(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                        gpointer listener) {
  const auto* from = static_cast<Listener*>(listener);
  ResponsePlan plan = from->server->service_.respond(request_of(message, from->is_for_results));
  const bool is_delayed = plan.rule && plan.rule->delay > 0;
  if (is_delayed || needs_raw_response(plan))
    from->server->respond_later(message, std::move(plan));
  else
    send_with_libsoup(message, plan.response);
}

void Server::respond_later(SoupServerMessage* message, ResponsePlan plan) {
  const double delay = plan.rule ? plan.rule->delay : 0;
  const auto milliseconds = static_cast<guint>(std::min(delay * 1000, 1e9));
  soup_server_message_pause(message);
  ObjectPtr<SoupServerMessage> kept(SOUP_SERVER_MESSAGE(g_object_ref(message)));
  DelayedResponse& delayed =
      delayed_.emplace_back(DelayedResponse{this, std::move(kept), std::move(plan)});
  delayed.source = g_timeout_add(milliseconds, on_delay_over, &delayed);
}

gboolean Server::on_delay_over(gpointer data) {
  auto* delayed = static_cast<DelayedResponse*>(data);
  Server* server = delayed->server;
  server->respond_now(*delayed);
  server->delayed_.remove_if([delayed](const DelayedResponse& item) { return &item == delayed; });
  return G_SOURCE_REMOVE;
}

void Server::respond_now(DelayedResponse& delayed) {
  SoupServerMessage* message = delayed.message.get();
  GSocket* socket = soup_server_message_get_socket(message);
  if (!socket)
    return;  // the peer has disconnected
  if (!needs_raw_response(delayed.plan)) {
    send_with_libsoup(message, delayed.plan.response);
    soup_server_message_unpause(message);
    return;
  }
  RawConnection connection;
  connection.socket.reset(G_SOCKET(g_object_ref(socket)));
  connection.stream.reset(soup_server_message_steal_connection(message));
  if (connection.stream)
    raw_responses_.send(std::move(connection), std::move(delayed.plan));
}

}  // namespace emulator
