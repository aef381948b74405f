// SPDX-License-Identifier: LGPL-2.1-or-later
// A request and a response as values, before and after any HTTP library.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "emulator/handles.h"
#include "emulator/script.h"

namespace emulator {

struct HttpRequest {
  std::string method;
  std::string path;
  std::string query;  // as it came
  TextPairs headers;  // names in lower case
  Blob body;
  bool is_for_results = false;  // came in on the second listener
  unsigned remote_port = 0;

  // The body.
  std::string_view text() const;
  // Empty where there is no such header; the name in lower case.
  std::string header(std::string_view name) const;
  // The decoded value of one name in the query, or an empty one.
  std::string query_value(const char* name) const;
};

// What a body is made of: bytes in memory, or filler that is computed where it is sent.
class Content {
 public:
  Content() = default;
  explicit Content(Blob blob) : blob_(std::move(blob)), size_(blob_size(blob_)) {}
  explicit Content(const std::string& text);
  enum class Shape { bytes, mp4, mp4_index_first };
  // As an MP4 it has boxes (ftyp, perhaps an empty moov, then one large mdat), so that it passes
  // for a clip at first sight.
  static Content filler(std::uint64_t size, Shape shape);

  std::uint64_t size() const { return size_; }
  const Blob& blob() const { return blob_; }
  // The bytes from `offset` on; the caller stays within the size.
  void copy(std::uint64_t offset, std::span<unsigned char> out) const;

 private:
  Blob blob_;  // null: filler
  std::uint64_t size_ = 0;
  Shape shape_ = Shape::bytes;
};

struct HttpResponse {
  int status = 200;
  TextPairs headers;
  Content content;
  // The part of the content that is sent.
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

HttpResponse make_response(int status, const std::string& media_type, Content content);
HttpResponse json_response(int status, JsonObjectPtr object);
// The service's error envelope.
HttpResponse error_response(int status, const std::string& code, const std::string& message);
// The object storage's.
HttpResponse storage_error(int status, const std::string& code, const std::string& message);
// The service's code for an HTTP status.
std::string error_code_of(int status);
// Replaces a header of that name, whatever its case, or adds it.
void set_header(TextPairs& headers, const std::string& name, const std::string& value);

}  // namespace emulator
