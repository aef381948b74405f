// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/chunked.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace modelverse::http {
namespace {

// The data in `wire`, handed over `step` bytes at a time.
std::string decode(ChunkDecoder& decoder, std::string_view wire, std::size_t step) {
  std::string data;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    std::string part(wire.substr(at, step));
    const auto bytes = std::as_writable_bytes(std::span(part));
    data += part.substr(0, decoder.decode(bytes));
  }
  return data;
}

TEST(ChunkDecoder, gives_the_data_however_the_wire_is_cut) {
  const std::string_view wire =
      "3\r\nabc\r\n0A;name=\"value\"\r\n0123456789\r\n00\r\nTrailer: x\r\nOther: y\r\n\r\n";
  for (std::size_t step = 1; step <= wire.size(); ++step) {
    ChunkDecoder decoder;
    EXPECT_EQ(decode(decoder, wire, step), "abc0123456789");
    EXPECT_TRUE(decoder.complete());
  }
}

TEST(ChunkDecoder, is_complete_with_the_last_chunk_whatever_of_its_trailer_arrives) {
  const std::string_view wire = "3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size <= wire.size(); ++size) {
    ChunkDecoder decoder;
    decode(decoder, wire.substr(0, size), 4);
    EXPECT_EQ(decoder.complete(), size + 2 >= wire.size()) << size;
    EXPECT_FALSE(decoder.broken()) << size;
  }
}

TEST(ChunkDecoder, drops_what_follows_the_body) {
  ChunkDecoder decoder;
  EXPECT_EQ(decode(decoder, "1\r\na\r\n0\r\n\r\n1\r\nb\r\n", 64), "a");
  EXPECT_TRUE(decoder.complete());
}

TEST(ChunkDecoder, refuses_what_is_not_the_coding) {
  for (const char* wire :
       {"xyz\r\n", "\r\n", "-1\r\na", "3\r\nabcd\r\n", "1000000000000000\r\n", "3\r\nabc\r\r\n"}) {
    ChunkDecoder decoder;
    decode(decoder, wire, 1);
    EXPECT_TRUE(decoder.broken()) << wire;
  }
}

TEST(ChunkDecoder, refuses_an_extension_without_end) {
  ChunkDecoder extension;
  decode(extension, "1;" + std::string(100'000, 'x'), 4096);
  EXPECT_TRUE(extension.broken());
}

}  // namespace
}  // namespace modelverse::http
