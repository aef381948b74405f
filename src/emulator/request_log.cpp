// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes requests as JSON, with secrets and pictures masked.
#include "emulator/request_log.h"

#include <algorithm>

#include "emulator/encoded_picture.h"
#include "emulator/json.h"
#include "emulator/text.h"

namespace emulator {
namespace {

// Shorter strings are shown, even if they are Base64.
constexpr std::size_t min_picture_length = 100;

JsonObjectPtr describe(const EncodedPicture& picture) {
  JsonObjectPtr object(json_object_new());
  set_text(object.get(), "sha256", sha256_hex(picture.bytes));
  json_object_set_int_member(object.get(), "length", static_cast<gint64>(blob_size(picture.bytes)));
  set_text(object.get(), "media_type", picture.media_type);
  set_text(object.get(), "form", picture.encoding);
  return object;
}

// The name in lower case.
void add_header(const char* name, const char* value, gpointer headers) {
  g_autofree char* lower = g_ascii_strdown(name, -1);
  const bool is_secret = g_str_equal(lower, "authorization");
  set_text(static_cast<JsonObject*>(headers), lower, is_secret ? "***" : value);
}

std::string masked_query(const std::string& query) {
  g_autoptr(GRegex) signature =
      g_regex_new("((?:^|&)Signature=)[^&]*", GRegexCompileFlags{}, GRegexMatchFlags{}, nullptr);
  g_autofree char* masked =
      g_regex_replace(signature, query.c_str(), static_cast<gssize>(query.size()), 0, "\\1***",
                      GRegexMatchFlags{}, nullptr);
  return masked ? masked : "";
}

}  // namespace

std::string authorization_scheme(const std::string& header, std::string& key) {
  constexpr std::string_view bearer = "bearer";
  // Trailing blanks of the header are already removed, so a scheme without a key has no space.
  const bool is_bearer = g_ascii_strncasecmp(header.c_str(), bearer.data(), bearer.size()) == 0 &&
                         (header.size() == bearer.size() || header[bearer.size()] == ' ');
  key = is_bearer ? header.substr(std::min(header.size(), bearer.size() + 1)) : header;
  if (header.empty())
    return "none";
  return is_bearer ? "bearer" : "raw";
}

JsonNodePtr without_pictures(JsonNode* node) {
  const std::string_view text = is_text(node) ? json_node_get_string(node) : "";
  const bool may_be = text.starts_with("data:") || text.size() >= min_picture_length;
  const auto picture = may_be ? read_encoded_picture(text) : std::nullopt;
  if (picture && picture->bytes)
    return JsonNodePtr(json_node_init_object(json_node_alloc(), describe(*picture).get()));
  JsonNodePtr copy(json_node_copy(node));
  if (JSON_NODE_HOLDS_ARRAY(node)) {
    json_node_take_array(copy.get(), json_array_new());
    for (JsonNode* item : children(node))
      json_array_add_element(json_node_get_array(copy.get()), without_pictures(item).release());
  } else if (JSON_NODE_HOLDS_OBJECT(node)) {
    json_node_take_object(copy.get(), json_object_new());
    for (const std::string& name : member_names(json_node_get_object(node))) {
      JsonNode* member = json_object_get_member(json_node_get_object(node), name.c_str());
      json_object_set_member(json_node_get_object(copy.get()), name.c_str(),
                             without_pictures(member).release());
    }
  }
  return copy;
}

JsonObjectPtr describe(const HttpRequest& request, const std::string& route) {
  JsonObjectPtr owned(json_object_new());
  JsonObject* entry = owned.get();
  set_text(entry, "route", route);
  set_text(entry, "method", request.method);
  set_text(entry, "path", request.path);
  set_text(entry, "query", masked_query(request.query));
  JsonObject* headers = json_object_new();
  soup_message_headers_foreach(request.headers, add_header, headers);
  json_object_set_object_member(entry, "headers", headers);
  std::string key;
  set_text(entry, "authorization_scheme",
           authorization_scheme(request.header("authorization"), key));
  json_object_set_int_member(entry, "body_bytes", static_cast<gint64>(blob_size(request.body)));
  auto body = route == "submit" ? parse_object(request.text()) : std::string();
  if (auto* parsed = std::get_if<JsonObjectPtr>(&body)) {
    json_object_set_object_member(entry, "body", parsed->release());
    JsonNode* whole = json_object_get_member(entry, "body");
    json_object_set_member(entry, "body", without_pictures(whole).release());
  }
  set_text(entry, "range", request.header("range"));
  set_text(entry, "task_id", "");
  return owned;
}

}  // namespace emulator
