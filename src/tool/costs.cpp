// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/costs.h"

#include <algorithm>
#include <map>
#include <utility>

#include "api/json_text.h"
#include "api/printable.h"
#include "tool/columns.h"

namespace modelverse::tool {

namespace {

using store::LedgerSum;

// By day, month or model, and currency (empty: of unknown cost).
using Sums = std::map<std::pair<std::string, std::string>, LedgerSum>;

void add(Sums& sums, const std::string& label, const LedgerSum& more) {
  auto& sum = sums[{label, more.currency}];
  sum.micros = add_micros(sum.micros, more.micros);
  sum.submits += more.submits;
  sum.submits_unknown += more.submits_unknown;
}

std::string label_of(const store::LedgerEntry& entry, CostsBy by) {
  switch (by) {
    case CostsBy::day:
      return store::day_of(entry.time);
    case CostsBy::month:
      return store::month_of(entry.time);
    case CostsBy::model:
      return entry.model;
  }
  return entry.model;
}

Sums sums_of(const store::Account& account, CostsBy by) {
  Sums sums;
  const auto add_entry = [&](const std::string& label, const store::LedgerEntry& entry) {
    std::vector<LedgerSum> one;
    add_submit(one, entry);
    for (const auto& sum : one)
      add(sums, label, sum);
  };
  for (const auto& entry : account.submits)
    add_entry(label_of(entry, by), entry);
  // A month that is folded has no days.
  for (const auto& [month, sum] : account.months)
    add(sums, by == CostsBy::model ? sum.model : month, sum);
  for (const auto& [day, path] : account.damaged) {
    constexpr std::size_t month_length = 7;
    add_entry(by == CostsBy::model ? ""
              : by == CostsBy::day ? day
                                   : day.substr(0, month_length),
              {});
  }
  return sums;
}

const char* name_of(CostsBy by) {
  return by == CostsBy::day ? "day" : by == CostsBy::month ? "month" : "model";
}

std::string cost_text(const std::string& currency, const LedgerSum& sum) {
  return currency.empty() ? "unknown" : money_text({sum.micros, currency});
}

std::vector<std::string> row_of(const std::string& label, const std::string& currency,
                                const LedgerSum& sum) {
  return {label.empty() ? "-" : api::printable(label, 200), std::to_string(sum.submits),
          sum.submits_unknown == 0 ? "-" : std::to_string(sum.submits_unknown),
          cost_text(currency, sum)};
}

}  // namespace

std::string costs_as_text(const store::Account& account, CostsBy by) {
  const char* headings[] = {"DAY", "MONTH", "MODEL"};
  std::vector<std::vector<std::string>> rows = {
      {headings[static_cast<std::size_t>(by)], "SUBMITS", "UNKNOWN", "COST"}};
  Sums totals;
  for (const auto& [place, sum] : sums_of(account, by)) {
    rows.push_back(row_of(place.first, place.second, sum));
    add(totals, "total",
        {.currency = place.second,
         .micros = sum.micros,
         .submits = sum.submits,
         .submits_unknown = sum.submits_unknown});
  }
  for (const auto& [place, sum] : totals)
    rows.push_back(row_of(place.first, place.second, sum));
  return in_columns(rows);
}

std::string costs_as_json(const store::Account& account, CostsBy by) {
  Array items;
  for (const auto& [place, sum] : sums_of(account, by)) {
    const auto& [label, currency] = place;
    const bool is_known = !currency.empty();
    items.push_back({Object{
        {name_of(by), {label}},
        {"submits", {static_cast<std::int64_t>(sum.submits)}},
        {"unknown", {static_cast<std::int64_t>(sum.submits_unknown)}},
        {"cost", is_known ? Value{Money{sum.micros, {}}.amount()} : Value{nullptr}},
        {"currency", is_known ? Value{currency} : Value{nullptr}},
    }});
  }
  return api::json_text(items);
}

}  // namespace modelverse::tool
