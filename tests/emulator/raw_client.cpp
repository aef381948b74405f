// SPDX-License-Identifier: LGPL-2.1-or-later
// HTTP by hand, on a socket.
#include "emulator/raw_client.h"

#include <gio/gio.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace test_support {
namespace {

constexpr unsigned patience = 60;  // s

std::string request_text(const RawRequest& request, GUri* uri) {
  const char* query = g_uri_get_query(uri);
  std::string text = request.method + ' ' + g_uri_get_path(uri) +
                     (query ? std::string("?") + query : "") + " HTTP/1.1\r\n";
  text += "Host: " + std::string(g_uri_get_host(uri)) + ":" + std::to_string(g_uri_get_port(uri)) +
          "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers)
    text += name + ": " + value + "\r\n";
  if (!request.body.empty())
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

bool has_body(const std::string& text, std::size_t size) {
  const std::size_t end = text.find("\r\n\r\n");
  return end != std::string::npos && text.size() - end - 4 >= size;
}

Ending read_all(GSocketConnection* connection, std::size_t silent_after, std::string& text) {
  GInputStream* input = g_io_stream_get_input_stream(G_IO_STREAM(connection));
  char piece[16384];
  for (;;) {
    if (silent_after > 0 && has_body(text, silent_after))
      g_socket_set_timeout(g_socket_connection_get_socket(connection), 1);
    g_autoptr(GError) error = nullptr;
    const gssize count = g_input_stream_read(input, piece, sizeof piece, nullptr, &error);
    if (count == 0)
      return Ending::closed;
    if (count > 0)
      text.append(piece, static_cast<std::size_t>(count));
    else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
      return Ending::silent;
    else
      return Ending::reset;
  }
}

void parse(const std::string& text, RawReply& reply) {
  const std::size_t end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos)
    return;
  reply.head = text.substr(0, end + 2);
  reply.body = text.substr(end + 4);
  reply.status = std::stoi(text.substr(9, 3));
  for (std::size_t at = text.find("\r\n") + 2; at < end;) {
    const std::size_t line_end = text.find("\r\n", at);
    const std::string line = text.substr(at, line_end - at);
    const std::size_t colon = line.find(": ");
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), g_ascii_tolower);
    reply.headers[name] = line.substr(colon + 2);
    at = line_end + 2;
  }
}

}  // namespace

RawReply exchange(const RawRequest& request) {
  RawReply reply;
  const auto start = std::chrono::steady_clock::now();
  g_autoptr(GUri) uri = g_uri_parse(request.url.c_str(), G_URI_FLAGS_ENCODED, nullptr);
  if (!uri) {
    ADD_FAILURE() << "not a URL: " << request.url;
    return reply;
  }
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_socket_client_set_proxy_resolver(client, nullptr);
  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_timeout(client, patience);
  g_socket_client_set_tls(client, g_str_equal(g_uri_get_scheme(uri), "https"));
  g_signal_connect(client, "event",
                   G_CALLBACK(+[](GSocketClient*, GSocketClientEvent event, GSocketConnectable*,
                                  GIOStream* connection) {
                     if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
                       g_signal_connect(connection, "accept-certificate",
                                        G_CALLBACK(+[]() -> gboolean { return TRUE; }), nullptr);
                   }),
                   nullptr);
  g_autoptr(GError) error = nullptr;
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host(
      client, g_uri_get_host(uri), static_cast<guint16>(g_uri_get_port(uri)), nullptr, &error);
  if (!connection) {
    ADD_FAILURE() << "cannot connect: " << error->message;
    return reply;
  }
  const std::string text = request_text(request, uri);
  GIOStream* stream = G_IO_STREAM(connection);
  g_output_stream_write_all(g_io_stream_get_output_stream(stream), text.data(), text.size(),
                            nullptr, nullptr, nullptr);
  std::string answer;
  reply.ending = read_all(connection, request.silent_after, answer);
  parse(answer, reply);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  reply.seconds = elapsed.count();
  return reply;
}

std::string RawReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::shared_ptr<JsonObject> RawReply::json() const {
  g_autoptr(JsonNode) node = json_from_string(body.c_str(), nullptr);
  if (!node || !JSON_NODE_HOLDS_OBJECT(node))
    return {};
  return {json_node_dup_object(node), json_object_unref};
}

std::string RawReply::at(const std::string& path) const {
  const auto root = json();
  if (!root)
    return {};
  JsonObject* object = root.get();
  std::string_view rest = path;
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    JsonNode* node = json_object_get_member(object, std::string(rest.substr(0, dot)).c_str());
    if (!node || !JSON_NODE_HOLDS_OBJECT(node))
      return {};
    object = json_node_get_object(node);
    rest.remove_prefix(dot + 1);
  }
  JsonNode* node = json_object_get_member(object, std::string(rest).c_str());
  if (!node)
    return {};
  if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
    return json_node_get_string(node);
  g_autofree char* text = json_to_string(node, FALSE);
  return text;
}

}  // namespace test_support
