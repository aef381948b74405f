// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/money.h"

#include <cmath>
#include <limits>

namespace modelverse {

bool is_currency(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos;
}

std::int64_t micros_of(double amount) {
  return std::llround(amount * 1e6);
}

std::int64_t add_micros(std::int64_t one, std::int64_t other) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return one > most - other ? most : one + other;
}

std::optional<Money> sum_of(const std::vector<Money>& amounts) {
  Money sum;
  for (const auto& amount : amounts) {
    if (amount.micros == 0)
      continue;
    if (sum.micros > 0 && amount.currency != sum.currency)
      return {};
    sum = {add_micros(sum.micros, amount.micros), amount.currency};
  }
  return sum;
}

std::string amount_text(std::int64_t micros) {
  constexpr std::int64_t unit = 1'000'000;
  constexpr std::size_t least_decimals = 2;
  // The leading 1 keeps the zeros.
  auto decimals = std::to_string(unit + micros % unit).substr(1);
  while (decimals.size() > least_decimals && decimals.back() == '0')
    decimals.pop_back();
  return std::to_string(micros / unit) + "." + decimals;
}

std::string money_text(const Money& money) {
  return amount_text(money.micros) + " " + money.currency;
}

}  // namespace modelverse
