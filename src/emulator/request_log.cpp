// SPDX-License-Identifier: LGPL-2.1-or-later
// Noting requests and telling them as JSON.
#include "emulator/request_log.h"

#include <algorithm>

#include "emulator/masking.h"
#include "emulator/text.h"

namespace emulator {
namespace {

std::string shown_body(const HttpRequest& request) {
  const auto* data = reinterpret_cast<const char*>(blob_data(request.body));
  auto parsed = parse_object({data, blob_size(request.body)});
  auto* object = std::get_if<JsonObjectPtr>(&parsed);
  if (!object)
    return {};
  const JsonNodePtr root = node_of(std::move(*object));
  return to_text(without_pictures(root.get()).get());
}

JsonNodePtr entry_node(const RequestLog::Entry& entry) {
  JsonObjectPtr object(json_object_new());
  set_text(object.get(), "route", route_name(entry.route));
  set_text(object.get(), "listener", entry.listener);
  set_text(object.get(), "method", entry.method);
  set_text(object.get(), "path", entry.path);
  set_text(object.get(), "query", entry.query);
  JsonObjectPtr headers(json_object_new());
  for (const auto& [name, value] : entry.headers)
    set_text(headers.get(), name.c_str(), value);
  json_object_set_object_member(object.get(), "headers", headers.release());
  json_object_set_boolean_member(object.get(), "authorization_present", entry.is_authorized);
  set_text(object.get(), "authorization_scheme", entry.scheme);
  json_object_set_int_member(object.get(), "body_bytes", static_cast<gint64>(entry.body_size));
  auto body = parse_object(entry.body);
  if (auto* parsed = std::get_if<JsonObjectPtr>(&body))
    json_object_set_object_member(object.get(), "body", parsed->release());
  set_text(object.get(), "range", entry.range);
  set_text(object.get(), "task_id", entry.task_id);
  json_object_set_int_member(object.get(), "remote_port", entry.remote_port);
  json_object_set_double_member(object.get(), "time", entry.time);
  json_object_set_int_member(object.get(), "status", entry.status);
  json_object_set_int_member(object.get(), "rule", entry.rule_index);
  return node_of(std::move(object));
}

}  // namespace

std::string authorization_scheme(const std::string& header, std::string* key) {
  constexpr std::string_view bearer = "bearer";
  // Blanks at the header's end are gone by now, so that a scheme without a key stands alone.
  const bool is_bearer = g_ascii_strncasecmp(header.c_str(), bearer.data(), bearer.size()) == 0 &&
                         (header.size() == bearer.size() || header[bearer.size()] == ' ');
  if (key)
    *key = is_bearer ? header.substr(std::min(header.size(), bearer.size() + 1)) : header;
  if (header.empty())
    return "none";
  return is_bearer ? "bearer" : "raw";
}

RequestLog::Entry& RequestLog::add(const HttpRequest& request, Route route) {
  Entry& entry = entries_.emplace_back();
  entry.route = route;
  entry.listener = request.is_for_results ? "result" : "api";
  entry.method = request.method;
  entry.path = request.path;
  entry.query = mask_signature(request.query);
  for (const auto& [name, value] : request.headers) {
    const bool is_secret = name == "authorization";
    entry.is_authorized |= is_secret;
    entry.headers.emplace_back(name, is_secret ? "***" : value);
  }
  entry.scheme = authorization_scheme(request.header("authorization"), nullptr);
  entry.body_size = blob_size(request.body);
  if (route == Route::submit)
    entry.body = shown_body(request);
  entry.range = request.header("range");
  entry.remote_port = request.remote_port;
  entry.time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return entry;
}

std::string RequestLog::to_json() const {
  JsonArrayPtr array(json_array_new());
  for (const Entry& entry : entries_)
    json_array_add_element(array.get(), entry_node(entry).release());
  return to_text(node_of(std::move(array)).get());
}

}  // namespace emulator
