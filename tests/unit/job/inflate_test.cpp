// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/inflate.h"

#include <gtest/gtest.h>

#include "support/packed.h"

namespace modelverse::job {
namespace {

using test_support::packed;

constexpr std::size_t limit = 100'000;

TEST(Inflate, gives_back_what_was_packed) {
  const std::string text(50'000, 'a');
  EXPECT_EQ(inflate(packed(text), "gzip", limit), text);
  EXPECT_EQ(inflate(packed(text), "X-GZip", limit), text);
  EXPECT_EQ(inflate(packed(text, G_ZLIB_COMPRESSOR_FORMAT_ZLIB), "deflate", limit), text);
  EXPECT_EQ(inflate(packed(""), "gzip", limit), "");
}

TEST(Inflate, stops_beyond_its_limit) {
  const auto bomb = packed(std::string(20'000'000, 'a'));
  EXPECT_EQ(inflate(bomb, "gzip", limit)->size(), limit + 1);
}

TEST(Inflate, knows_what_is_none) {
  const auto whole = packed("some words");
  EXPECT_FALSE(inflate(whole.substr(0, whole.size() / 2), "gzip", limit));
  EXPECT_FALSE(inflate("{\"output\":{}}", "gzip", limit));
  EXPECT_FALSE(inflate("", "gzip", limit));
  for (const char* other : {"identity", "br", "gzip, gzip", ""})
    EXPECT_FALSE(inflate(whole, other, limit)) << other;
}

}  // namespace
}  // namespace modelverse::job
