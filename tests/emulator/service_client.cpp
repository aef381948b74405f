// SPDX-License-Identifier: LGPL-2.1-or-later
// Submits and polls as a client would make them.
#include "emulator/service_client.h"

#include <gtest/gtest.h>
#include <libsoup/soup.h>

#include "glib/handles.h"

namespace test_support {

std::string RawReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string RawReply::at(const std::string& path) const {
  g_autoptr(JsonNode) root = json_from_string(body.c_str(), nullptr);
  if (!root || !JSON_NODE_HOLDS_OBJECT(root))
    return {};
  JsonObject* object = json_node_get_object(root);
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
        const modelverse::CharPtr lower(g_ascii_strdown(name, -1));
        (*static_cast<std::map<std::string, std::string>*>(headers))[lower.get()] = value;
      },
      &reply.headers);
  return reply;
}

std::string test_file(const std::string& name) {
  return std::string(g_getenv("MODELVERSE_TEST_FILES")) + "/" + name;
}

const std::string& small_png() {
  static const std::string bytes = [] {
    g_autofree char* data = nullptr;
    gsize size = 0;
    EXPECT_TRUE(g_file_get_contents(test_file("small.png").c_str(), &data, &size, nullptr));
    return std::string(data ? data : "", size);
  }();
  return bytes;
}

std::string base64(const std::string& bytes) {
  g_autofree char* text =
      g_base64_encode(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return text;
}

std::string data_uri(const std::string& bytes, const std::string& media_type) {
  return "data:" + media_type + ";base64," + base64(bytes);
}

std::string submit_body(const std::string& picture, const std::string& prompt,
                        const std::string& parameters) {
  std::string body =
      R"({"model":")" + default_model + R"(","input":{"first_frame_url":")" + picture + '"';
  if (!prompt.empty())
    body += R"(,"prompt":")" + prompt + '"';
  body += '}';
  if (!parameters.empty())
    body += R"(,"parameters":)" + parameters;
  return body + '}';
}

RawReply submit(const EmulatorProcess& emulator, const std::string& body,
                const std::string& authorization) {
  RawRequest request{"POST", emulator.base_url() + "/v1/tasks/submit", {}, body};
  request.headers["Content-Type"] = "application/json";
  if (!authorization.empty())
    request.headers["Authorization"] = authorization;
  return exchange(request);
}

RawReply status(const EmulatorProcess& emulator, const std::string& task_id,
                const std::string& authorization) {
  g_autofree char* escaped = g_uri_escape_string(task_id.c_str(), nullptr, FALSE);
  RawRequest request{"GET", emulator.base_url() + "/v1/tasks/status?task_id=" + escaped, {}, ""};
  request.headers["Authorization"] = authorization;
  return exchange(request);
}

std::string submit_good(const EmulatorProcess& emulator) {
  const RawReply reply = submit(emulator, submit_body(data_uri(small_png())));
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.at("output.task_id");
}

RawReply finish(const EmulatorProcess& emulator, const std::string& task_id) {
  RawReply last;
  EXPECT_TRUE(wait_until([&] {
    last = status(emulator, task_id);
    const std::string state = last.at("output.task_status");
    return state != "Pending" && state != "Running";
  })) << last.body;
  return last;
}

std::string url_of(const RawReply& reply) {
  const std::string urls = reply.at("output.urls");
  return urls.size() > 4 ? urls.substr(2, urls.size() - 4) : "";
}

RawReply download(const std::string& url, const std::map<std::string, std::string>& headers) {
  return exchange({"GET", url, headers, ""});
}

}  // namespace test_support
