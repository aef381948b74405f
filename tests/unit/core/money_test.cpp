// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/money.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(Money, is_shown_with_two_decimals_or_more) {
  EXPECT_EQ(money_text({8'560'000, "CNY"}), "8.56 CNY");
  EXPECT_EQ(amount_text(2'500'000), "2.50");
  EXPECT_EQ(amount_text(312'500), "0.3125");
  EXPECT_EQ(amount_text(1), "0.000001");
  EXPECT_EQ(amount_text(0), "0.00");
}

TEST(Money, adds_up_exactly) {
  EXPECT_EQ(10 * micros_of(8.56), micros_of(85.6));
  EXPECT_EQ(3 * micros_of(0.1), micros_of(0.3));
}

TEST(Money, has_no_sum_in_several_currencies) {
  EXPECT_EQ(sum_of({{2, "CNY"}, {}, {3, "CNY"}}), (Money{5, "CNY"}));
  EXPECT_EQ(sum_of({{2, "CNY"}, {3, "USD"}}), std::nullopt);
  EXPECT_EQ(sum_of({}), Money{});
}

}  // namespace
}  // namespace modelverse
