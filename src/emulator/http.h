// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests and responses as values, with libsoup's headers.
#pragma once

#include <libsoup/soup.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/handles.h"

namespace emulator {

using HeadersPtr = std::unique_ptr<SoupMessageHeaders, Release<soup_message_headers_unref>>;

struct HttpRequest {
  std::string method;
  std::string path;
  std::string query;                      // as received
  SoupMessageHeaders* headers = nullptr;  // borrowed
  Blob body;
  bool is_for_results = false;  // received on the second listener

  // The body.
  std::string_view text() const;
  // Empty if the header is absent.
  std::string header(const char* name) const;
  // The decoded value of one name in the query, or empty.
  std::string query_value(const char* name) const;
};

// The content of a body: bytes in memory, or filler that is computed while it is sent.
class Content {
 public:
  Content() = default;
  explicit Content(Blob blob) : blob_(std::move(blob)), size_(blob_size(blob_)) {}
  explicit Content(const std::string& text);
  // MP4 boxes (ftyp, optionally an empty moov, then one large mdat), so that it is recognised as a
  // clip.
  static Content filler(std::uint64_t size, bool is_index_first);

  std::uint64_t size() const { return size_; }
  // Precondition: within the size.
  BytesPtr piece(std::uint64_t offset, std::size_t length) const;

 private:
  Blob blob_;  // null: filler
  std::uint64_t size_ = 0;
  bool is_index_first_ = false;
};

struct HttpResponse {
  int status = 200;
  HeadersPtr headers{soup_message_headers_new(SOUP_MESSAGE_HEADERS_RESPONSE)};
  Content content;
  // The part of the content to send.
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

HttpResponse make_response(int status, const std::string& media_type, Content content);
HttpResponse json_response(int status, JsonObjectPtr object);
// The service's error object.
HttpResponse error_response(int status, const std::string& code, const std::string& message);
// The object storage's error.
HttpResponse storage_error(int status, const std::string& code, const std::string& message);
// The service's code for an HTTP status.
std::string error_code_of(int status);

}  // namespace emulator
