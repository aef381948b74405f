// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/retry_after.h"

#include <gtest/gtest.h>

namespace modelverse::http {
namespace {

constexpr std::int64_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT, RFC 9110's example

struct Case {
  const char* header;
  std::optional<std::chrono::seconds> wait;
};

class RetryAfter : public testing::TestWithParam<Case> {};

TEST_P(RetryAfter, is_read) {
  const Response response{503, {{"retry-after", GetParam().header}}};
  EXPECT_EQ(retry_after(response, now), GetParam().wait);
}

constexpr std::chrono::seconds none(0);
constexpr std::chrono::seconds two_minutes(120);
INSTANTIATE_TEST_SUITE_P(All, RetryAfter,
                         testing::Values(Case{"120", two_minutes}, Case{"0", none},
                                         Case{"-5", none},
                                         Case{"Sun, 06 Nov 1994 08:51:37 GMT", two_minutes},
                                         Case{"Sunday, 06-Nov-94 08:51:37 GMT", two_minutes},
                                         Case{"Sun Nov  6 08:51:37 1994", two_minutes},
                                         Case{"Sun, 06 Nov 1994 08:00:00 GMT", none},
                                         Case{"", std::nullopt}, Case{"soon", std::nullopt},
                                         Case{"120 s", std::nullopt}, Case{"1.5", std::nullopt},
                                         Case{"99999999999999999999", std::nullopt}));

TEST(RetryAfterHeader, is_nothing_where_the_header_is_absent) {
  EXPECT_EQ(retry_after(Response{429, {{"Date", "120"}}}, now), std::nullopt);
}

}  // namespace
}  // namespace modelverse::http
