// SPDX-License-Identifier: LGPL-2.1-or-later
// An amount of money. Integers, so that a sum of prices compares exactly with a limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelverse {

struct Money {
  std::int64_t micros = 0;  // millionths of the currency's unit
  std::string currency;     // "CNY"
  bool operator==(const Money&) const = default;

  double amount() const { return static_cast<double>(micros) / 1e6; }
};

// Three capital letters.
bool is_currency(std::string_view text);

// Larger amounts cannot be represented, and are no price.
inline constexpr double largest_amount = 1e9;

// `amount` must be from 0 to largest_amount.
std::int64_t micros_of(double amount);

// The sum, or the largest number if it does not fit.
std::int64_t add_micros(std::int64_t one, std::int64_t other);

// Nothing: they are in several currencies. An amount of 0 is in every currency.
std::optional<Money> sum_of(const std::vector<Money>& amounts);

// "8.56", "0.3125": two decimals or more.
std::string amount_text(std::int64_t micros);
// "8.56 CNY"
std::string money_text(const Money& money);

}  // namespace modelverse
