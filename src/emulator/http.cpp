// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds responses.
#include "emulator/http.h"

#include <map>

#include "emulator/json.h"
#include "emulator/text.h"

namespace emulator {
namespace {

void add_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xff);
}

// The mdat header has a 64-bit length.
std::string mp4_head(std::uint64_t size, bool index_first) {
  std::string head;
  add_big_endian(head, 24, 4);
  head += "ftypisom";
  add_big_endian(head, 0x200, 4);
  head += "isommp42";
  if (index_first) {
    add_big_endian(head, 8, 4);
    head += "moov";
  }
  const std::uint64_t rest = size - head.size();
  add_big_endian(head, 1, 4);
  head += "mdat";
  add_big_endian(head, rest, 8);
  return head;
}

}  // namespace

std::string_view HttpRequest::text() const {
  return {reinterpret_cast<const char*>(blob_data(body)), blob_size(body)};
}

std::string HttpRequest::header(const char* name) const {
  const char* value = soup_message_headers_get_one(headers, name);
  return value ? value : "";
}

std::string HttpRequest::query_value(const char* name) const {
  g_autoptr(GHashTable) values =
      g_uri_parse_params(query.c_str(), -1, "&", G_URI_PARAMS_WWW_FORM, nullptr);
  const void* value = values ? g_hash_table_lookup(values, name) : nullptr;
  return value ? static_cast<const char*>(value) : "";
}

Content::Content(const std::string& text)
    : Content(adopt_blob(g_bytes_new(text.data(), text.size()))) {}

Content Content::filler(std::uint64_t size, bool is_index_first) {
  Content content;
  content.size_ = size;
  content.is_index_first_ = is_index_first;
  return content;
}

BytesPtr Content::piece(std::uint64_t offset, std::size_t length) const {
  if (blob_)
    return BytesPtr(g_bytes_new_from_bytes(blob_.get(), offset, length));
  std::string bytes(length, '\0');
  // Neighbouring positions differ, so that a wrong splice is detected.
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint64_t at = offset + i;
    bytes[i] = static_cast<char>(at ^ (at >> 8) ^ (at >> 16));
  }
  const std::string head = mp4_head(size_, is_index_first_);
  if (offset < head.size() && size_ >= head.size())
    head.copy(bytes.data(), length, offset);
  return BytesPtr(g_bytes_new(bytes.data(), length));
}

HttpResponse make_response(int status, const std::string& media_type, Content content) {
  HttpResponse response;
  response.status = status;
  soup_message_headers_replace(response.headers.get(), "Content-Type", media_type.c_str());
  response.length = content.size();
  response.content = std::move(content);
  return response;
}

HttpResponse json_response(int status, JsonObjectPtr object) {
  return make_response(status, "application/json", Content(to_text(std::move(object))));
}

HttpResponse error_response(int status, const std::string& code, const std::string& message) {
  JsonObjectPtr error(json_object_new());
  set_text(error.get(), "message", message);
  set_text(error.get(), "type", status < 500 ? "invalid_request_error" : "server_error");
  set_text(error.get(), "param", random_id());
  set_text(error.get(), "code", code);
  JsonObjectPtr root(json_object_new());
  json_object_set_object_member(root.get(), "error", error.release());
  return json_response(status, std::move(root));
}

HttpResponse storage_error(int status, const std::string& code, const std::string& message) {
  return make_response(status, "application/xml",
                       Content("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code +
                               "</Code><Message>" + message + "</Message><RequestId>" +
                               random_id() + "</RequestId></Error>\n"));
}

std::string error_code_of(int status) {
  static const std::map<int, const char*> codes = {
      {401, "auth_error"},           {403, "permission_error"},
      {404, "task_not_found"},       {408, "timeout"},
      {429, "rate_limit"},           {503, "model_server_error"},
      {504, "gateway_timeout_error"}};
  const auto found = codes.find(status);
  if (found != codes.end())
    return found->second;
  return status < 500 ? "param_error" : "internal_error";
}

}  // namespace emulator
