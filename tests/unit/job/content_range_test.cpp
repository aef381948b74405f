// SPDX-License-Identifier: LGPL-2.1-or-later
// Content-Range, as servers write it and as they should not.
#include "job/content_range.h"

#include <gtest/gtest.h>

namespace modelverse::job {
namespace {

TEST(ContentRange, knows_first_last_and_total) {
  const auto range = parse_content_range("bytes 10-499/1234");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 10u);
  EXPECT_EQ(range->last, 499u);
  EXPECT_EQ(range->total, 1234u);
}

TEST(ContentRange, may_leave_the_total_open) {
  const auto range = parse_content_range("bytes 0-0/*");
  ASSERT_TRUE(range);
  EXPECT_FALSE(range->total);
}

TEST(ContentRange, holds_sizes_beyond_32_bits) {
  const auto range = parse_content_range("bytes 4294967296-4294967297/18446744073709551615");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 4294967296u);
  EXPECT_EQ(range->total, 18446744073709551615u);
}

class BadRange : public testing::TestWithParam<const char*> {};

TEST_P(BadRange, is_refused) {
  EXPECT_FALSE(parse_content_range(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, BadRange,
                         testing::Values("", "bytes", "bytes ", "bytes */100", "bytes 0-9",
                                         "bytes 9-0/100", "bytes 0-100/100", "bytes -9/100",
                                         "bytes 0-/100", "bytes 0-9/", "bytes 0-9/x",
                                         "bytes +0-9/100", "bytes 0-9/100 ", "items 0-9/100",
                                         "bytes 0/9-100", "bytes 0-99999999999999999999/*"));

TEST(Number, is_the_whole_text) {
  EXPECT_EQ(parse_number("0"), 0u);
  EXPECT_EQ(parse_number("18446744073709551615"), UINT64_MAX);
  for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1.5", "0x1", "18446744073709551616"})
    EXPECT_FALSE(parse_number(text)) << text;
}

}  // namespace
}  // namespace modelverse::job
