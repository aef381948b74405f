// SPDX-License-Identifier: LGPL-2.1-or-later
// Retry-After in its two forms.
#include "http/retry_after.h"

#include <gtest/gtest.h>

namespace modelverse::http {
namespace {

using std::chrono::seconds;

constexpr std::int64_t now = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT

std::optional<seconds> delay_of(const std::string& value) {
  return retry_after(HttpResponse{503, {{"retry-after", value}}}, now);
}

TEST(RetryAfter, is_seconds) {
  EXPECT_EQ(delay_of("0"), seconds(0));
  EXPECT_EQ(delay_of("120"), seconds(120));
  EXPECT_EQ(delay_of("9223372036854775807"), seconds(9223372036854775807));
}

TEST(RetryAfter, is_a_date_in_any_form_that_http_has_known) {
  EXPECT_EQ(delay_of("Sun, 06 Nov 1994 08:50:37 GMT"), seconds(60));
  EXPECT_EQ(delay_of("Sunday, 06-Nov-94 08:50:37 GMT"), seconds(60));
  EXPECT_EQ(delay_of("Sun Nov  6 08:50:37 1994"), seconds(60));
}

TEST(RetryAfter, in_the_past_is_now) {
  EXPECT_EQ(delay_of("Sun, 06 Nov 1994 08:00:00 GMT"), seconds(0));
  EXPECT_EQ(delay_of("-5"), seconds(0));
}

TEST(RetryAfter, is_nothing_if_it_cannot_be_read) {
  EXPECT_EQ(retry_after(HttpResponse{503, {}}, now), std::nullopt);
  for (const auto* value : {"", "soon", "1.5", "12 s", "99999999999999999999", "Sun, 06 Nov"})
    EXPECT_EQ(delay_of(value), std::nullopt) << value;
}

}  // namespace
}  // namespace modelverse::http
