// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace modelverse::http {
namespace {

bool put(BodySink& sink, std::string_view text) {
  const std::span<std::byte> space = sink.space();
  std::memcpy(space.data(), text.data(), std::min(text.size(), space.size()));
  return sink.commit(text.size());
}

TEST(HttpResponse, finds_a_header_whatever_its_case) {
  const HttpResponse response{200, {{"Content-Type", "a"}, {"ETag", "b"}, {"etag", "c"}}};
  ASSERT_NE(response.header("ETAG"), nullptr);
  EXPECT_EQ(*response.header("ETAG"), "b");
  EXPECT_EQ(*response.header("content-type"), "a");
  EXPECT_EQ(response.header("content"), nullptr);
}

TEST(BoundedBody, keeps_a_body_of_just_its_limit) {
  BoundedBody body(6);
  ASSERT_TRUE(body.begin({}));
  EXPECT_TRUE(put(body, "abc"));
  EXPECT_TRUE(put(body, "def"));
  EXPECT_EQ(body.text(), "abcdef");
}

TEST(BoundedBody, refuses_a_longer_one) {
  BoundedBody body(6);
  ASSERT_TRUE(body.begin({}));
  EXPECT_TRUE(put(body, "abcd"));
  EXPECT_FALSE(put(body, "efg"));
  EXPECT_LE(body.text().size(), 6U);
}

TEST(BoundedBody, starts_anew_with_each_response) {
  BoundedBody body(2);
  ASSERT_TRUE(body.begin({}));
  EXPECT_FALSE(put(body, "abc"));
  ASSERT_TRUE(body.begin({}));
  EXPECT_TRUE(put(body, "xy"));
  EXPECT_EQ(body.text(), "xy");
}

}  // namespace
}  // namespace modelverse::http
