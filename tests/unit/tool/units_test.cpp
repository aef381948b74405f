// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/units.h"

#include <gtest/gtest.h>

namespace modelverse::tool {
namespace {

TEST(Size, is_a_number_with_or_without_a_unit) {
  EXPECT_EQ(read_size("0"), 0u);
  EXPECT_EQ(read_size("1500"), 1500u);
  EXPECT_EQ(read_size("7B"), 7u);
  EXPECT_EQ(read_size("500K"), 512'000u);
  EXPECT_EQ(read_size("2M"), 2'097'152u);
  EXPECT_EQ(read_size("1.5G"), 1'610'612'736u);
  EXPECT_EQ(read_size("1T"), 1'099'511'627'776u);
  EXPECT_EQ(read_size("2MB"), 2'000'000u);
  EXPECT_EQ(read_size("9007199254740992"), 9007199254740992u);
}

TEST(Size, is_nothing_else) {
  for (const char* text : {"",
                           "M",
                           "-1",
                           "+1",
                           " 1",
                           "1 ",
                           "1e3",
                           "0x10",
                           "1..5",
                           ".5",
                           "1.",
                           "inf",
                           "nan",
                           "1X",
                           "1Mb",
                           "1K2",
                           "1s",
                           "9007199254740994",
                           "99999999999T",
                           "1\n",
                           "1,5G"})
    EXPECT_FALSE(read_size(text)) << text;
}

TEST(Age, is_a_number_with_its_unit) {
  EXPECT_EQ(read_age("90s"), 90);
  EXPECT_EQ(read_age("5m"), 300);
  EXPECT_EQ(read_age("1.5h"), 5400);
  EXPECT_EQ(read_age("30d"), 2'592'000);
  EXPECT_EQ(read_age("2w"), 1'209'600);
  EXPECT_EQ(read_age("0"), 0);
}

TEST(Age, without_its_unit_is_none) {
  for (const char* text : {"", "30", "d", "-1d", "1y", "1M", "1h30m", "99999999999999w"})
    EXPECT_FALSE(read_age(text)) << text;
}

TEST(Size, is_shown_in_megabytes) {
  EXPECT_EQ(show_size(0), "-");
  EXPECT_EQ(show_size(4'260'000), "4.3 MB");
}

TEST(Age, is_shown_in_the_largest_unit_of_which_there_are_two) {
  EXPECT_EQ(show_age(-5), "0s");
  EXPECT_EQ(show_age(0), "0s");
  EXPECT_EQ(show_age(119), "119s");
  EXPECT_EQ(show_age(120), "2m");
  EXPECT_EQ(show_age(3 * 3600 + 59), "3h");
  EXPECT_EQ(show_age(13 * 24 * 3600), "13d");
  EXPECT_EQ(show_age(14 * 24 * 3600), "2w");
}

}  // namespace
}  // namespace modelverse::tool
