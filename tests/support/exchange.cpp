// SPDX-License-Identifier: LGPL-2.1-or-later
// One session for each request: none meets the connections of another.
#include "support/exchange.h"

#include <gtest/gtest.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

namespace test_support {

std::string RawReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string RawReply::at(const std::string& path) const {
  g_autoptr(JsonNode) root = json_from_string(body.c_str(), nullptr);
  g_autoptr(JsonNode) found =
      root ? json_path_query(("$." + path).c_str(), root, nullptr) : nullptr;
  JsonArray* nodes = found ? json_node_get_array(found) : nullptr;
  if (!nodes || json_array_get_length(nodes) == 0)
    return {};
  JsonNode* node = json_array_get_element(nodes, 0);
  if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
    return json_node_get_string(node);
  g_autofree char* text = json_to_string(node, FALSE);
  return text;
}

RawReply exchange(const RawRequest& request) {
  g_autoptr(SoupSession) session =
      soup_session_new_with_options("proxy-resolver", nullptr, "timeout", 60u, nullptr);
  g_autoptr(SoupMessage) message = soup_message_new(request.method.c_str(), request.url.c_str());
  EXPECT_TRUE(message) << "not a URL: " << request.url;
  RawReply reply;
  if (!message)
    return reply;
  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect(message, "accept-certificate", G_CALLBACK(+[]() -> gboolean { return TRUE; }),
                   nullptr);
  for (const auto& [name, value] : request.headers)
    soup_message_headers_append(soup_message_get_request_headers(message), name.c_str(),
                                value.c_str());
  if (!request.body.empty()) {
    g_autoptr(GBytes) bytes = g_bytes_new(request.body.data(), request.body.size());
    soup_message_set_request_body_from_bytes(message, nullptr, bytes);
  }
  g_autoptr(GBytes) body = soup_session_send_and_read(session, message, nullptr, nullptr);
  reply.status = soup_message_get_status(message);
  if (body)
    reply.body.assign(static_cast<const char*>(g_bytes_get_data(body, nullptr)),
                      g_bytes_get_size(body));
  soup_message_headers_foreach(
      soup_message_get_response_headers(message),
      [](const char* name, const char* value, gpointer headers) {
        g_autofree char* lower = g_ascii_strdown(name, -1);
        (*static_cast<std::map<std::string, std::string>*>(headers))[lower] = value;
      },
      &reply.headers);
  return reply;
}

}  // namespace test_support
