// SPDX-License-Identifier: LGPL-2.1-or-later
#include "glib/columns.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(Columns, count_east_asian_characters_as_two) {
  EXPECT_EQ(columns_of("bay"), 3u);
  EXPECT_EQ(columns_of("海湾"), 4u);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1u) << "a combining accent has no column";
  EXPECT_EQ(cut_to("海湾晚上", 5), "海湾…");
  EXPECT_EQ(cut_to("海湾晚上", 4), "海…");
  EXPECT_EQ(fill_to("海", 4), "海  ");
  EXPECT_EQ(as_table({{"海湾", "x"}, {"b", "y"}}), "海湾  x\nb     y\n");
  EXPECT_EQ(as_table({{"海湾", "x"}, {"b", "yyy"}}, 8), "海湾  x\nb     y…\n");
}

TEST(Columns, are_left_out_where_there_is_no_room_for_them) {
  const std::vector<Row> rows = {{"键", "bbb", "cc", "the last"}};
  constexpr std::size_t by_importance[] = {2, 1};
  const auto left = [&](std::size_t columns) {
    auto copy = rows;
    leave_out(copy, columns, by_importance, 3);
    return copy.front();
  };
  EXPECT_EQ(left(16), rows.front());
  EXPECT_EQ(left(15), (Row{"键", "cc", "the last"}));
  EXPECT_EQ(left(10), (Row{"键", "the last"})) << "these always stay";
}

}  // namespace
}  // namespace modelverse
