// SPDX-License-Identifier: LGPL-2.1-or-later
// Base64 encodes three bytes as four characters, so an offset in the Base64 maps to an offset in
// the bytes.
#include "api/streamed_body.h"

#include <glib.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace modelverse::api {
namespace {

constexpr std::size_t group_bytes = 3;
constexpr std::size_t group_text = 4;

std::size_t copy(std::string_view text, std::uint64_t offset, std::span<std::byte> into) {
  const auto left = text.substr(std::min<std::uint64_t>(offset, text.size()));
  const auto size = std::min(left.size(), into.size());
  std::memcpy(into.data(), left.data(), size);
  return size;
}

const guchar* data_of(std::string_view bytes) {
  return reinterpret_cast<const guchar*>(bytes.data());
}

// `bytes` are complete groups.
void encode_groups(std::string_view bytes, char* text) {
  gint state = 0;
  gint save = 0;
  g_base64_encode_step(data_of(bytes), bytes.size(), FALSE, text, &state, &save);
}

// A group; the last may be incomplete.
std::string encode_group(std::string_view bytes) {
  gint state = 0;
  gint save = 0;
  char text[2 * group_text + 2] = {};  // more than the two calls need
  auto size = g_base64_encode_step(data_of(bytes), bytes.size(), FALSE, text, &state, &save);
  size += g_base64_encode_close(FALSE, text + size, &state, &save);
  return {text, size};
}

}  // namespace

StreamedBody::StreamedBody(std::string before, std::string bytes, std::string after)
    : before_(std::move(before)), bytes_(std::move(bytes)), after_(std::move(after)) {}

std::uint64_t StreamedBody::base64_size() const {
  return (std::uint64_t{bytes_.size()} + group_bytes - 1) / group_bytes * group_text;
}

std::uint64_t StreamedBody::size() const {
  return before_.size() + base64_size() + after_.size();
}

std::size_t StreamedBody::read(std::uint64_t offset, std::span<std::byte> into) const {
  std::size_t filled = 0;
  while (const auto size = read_piece(offset + filled, into.subspan(filled)))
    filled += size;
  return filled;
}

// Reads from one part. 0 if `into` is full or at the end.
std::size_t StreamedBody::read_piece(std::uint64_t offset, std::span<std::byte> into) const {
  if (offset < before_.size())
    return copy(before_, offset, into);
  offset -= before_.size();
  if (offset < base64_size())
    return encode(offset, into);
  return copy(after_, offset - base64_size(), into);
}

std::size_t StreamedBody::encode(std::uint64_t offset, std::span<std::byte> into) const {
  const auto left =
      std::string_view(bytes_).substr(static_cast<std::size_t>(offset / group_text * group_bytes));
  const auto groups = std::min(left.size() / group_bytes, into.size() / group_text);
  if (offset % group_text == 0 && groups > 0) {
    encode_groups(left.substr(0, groups * group_bytes), reinterpret_cast<char*>(into.data()));
    return groups * group_text;
  }
  return copy(encode_group(left.substr(0, group_bytes)), offset % group_text, into);
}

}  // namespace modelverse::api
