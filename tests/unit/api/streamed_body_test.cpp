// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/streamed_body.h"

#include <glib.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/byte_sources.h"

namespace modelverse::api {
namespace {

std::string some_bytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(i * 37 + i / 7);
  return bytes;
}

// By GLib, in one piece.
std::string whole_text(const std::string& before, const std::string& bytes,
                       const std::string& after) {
  gchar* base64 = g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
  const auto text = before + base64 + after;
  g_free(base64);
  return text;
}

std::string read_in_pieces(const ByteSource& source, std::size_t piece) {
  std::string text;
  std::string buffer(piece, '\0');
  while (const auto size = source.read(text.size(), std::as_writable_bytes(std::span(buffer))))
    text.append(buffer, 0, size);
  return text;
}

TEST(StreamedBody, is_the_same_text_in_pieces_of_any_size) {
  for (std::size_t length = 0; length < 12; ++length) {
    const auto bytes = some_bytes(length);
    const auto text = whole_text("{\"a\":\"", bytes, "\"}");
    const StreamedBody body("{\"a\":\"", bytes, "\"}");
    EXPECT_EQ(body.size(), text.size()) << length;
    for (std::size_t piece = 1; piece <= text.size() + 1; ++piece)
      EXPECT_EQ(read_in_pieces(body, piece), text) << length << " in " << piece;
  }
}

TEST(StreamedBody, can_be_read_from_any_place) {
  const auto bytes = some_bytes(1000);
  const auto text = whole_text("before", bytes, "after");
  const StreamedBody body("before", bytes, "after");
  for (std::size_t offset = 0; offset < text.size() + 3; ++offset) {
    std::string got(17, '\0');
    got.resize(body.read(offset, std::as_writable_bytes(std::span(got))));
    EXPECT_EQ(got, text.substr(std::min(offset, text.size()), 17)) << offset;
  }
}

TEST(StreamedBody, fills_the_space_it_is_given_but_for_the_end) {
  const StreamedBody body("before", some_bytes(100), "after");
  std::string space(64, '\0');
  EXPECT_EQ(body.read(1, std::as_writable_bytes(std::span(space))), 64u);
  EXPECT_EQ(body.read(body.size() - 10, std::as_writable_bytes(std::span(space))), 10u);
  EXPECT_EQ(body.read(body.size(), std::as_writable_bytes(std::span(space))), 0u);
}

TEST(StreamedBody, has_a_text_alone_where_there_are_no_bytes) {
  EXPECT_EQ(test_support::text_of(StreamedBody("{}", "", "")), "{}");
  EXPECT_EQ(test_support::text_of(StreamedBody("", "", "")), "");
}

}  // namespace
}  // namespace modelverse::api
