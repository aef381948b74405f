// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/costs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include "api/json_text.h"
#include "api/printable.h"
#include "glib/columns.h"
#include "glib/text.h"

namespace modelverse::tool {

namespace {

using store::LedgerSum;
using Labels = std::vector<std::string>;  // for the keys of the query

// By labels and currency (empty: of unknown cost).
using Sums = std::map<std::pair<Labels, std::string>, LedgerSum>;

constexpr std::size_t month_length = 7;

constexpr const char* names[] = {"day", "month", "model"};

const char* name_of(CostsBy by) {
  return names[static_cast<std::size_t>(by)];
}

void add(Sums& sums, const Labels& labels, const LedgerSum& more) {
  auto& sum = sums[{labels, more.currency}];
  sum.micros = add_micros(sum.micros, more.micros);
  sum.submits += more.submits;
  sum.submits_unknown += more.submits_unknown;
}

class Summing {
 public:
  explicit Summing(const CostsQuery& query) : query_(query) {}

  // `day`: only its month where no day is known.
  void add_sum(const std::string& day, const LedgerSum& sum) {
    if (!is_in(query_, day))
      return;
    Labels labels;
    for (const auto by : query_.by)
      labels.push_back(by == CostsBy::model   ? sum.model
                       : by == CostsBy::month ? day.substr(0, month_length)
                                              : day);
    add(sums_, labels, sum);
  }
  void add_entry(const std::string& day, const store::LedgerEntry& entry) {
    std::vector<LedgerSum> one;
    add_submit(one, entry);
    for (const auto& sum : one)
      add_sum(day, sum);
  }
  const Sums& sums() const { return sums_; }

 private:
  const CostsQuery& query_;
  Sums sums_;
};

Sums sums_of(const store::Account& account, const CostsQuery& query) {
  Summing summing(query);
  for (const auto& entry : account.submits)
    summing.add_entry(store::day_of(entry.time), entry);
  for (const auto& [month, sum] : account.months)
    summing.add_sum(month, sum);
  for (const auto& [day, path] : account.damaged)
    summing.add_entry(day, {});
  return summing.sums();
}

std::string cost_text(const std::string& currency, const LedgerSum& sum) {
  return currency.empty() ? C_("cost", "unknown") : money_text({sum.micros, currency});
}

Row row_of(const Labels& labels, const std::string& currency, const LedgerSum& sum) {
  Row row;
  for (const auto& label : labels)
    row.push_back(label.empty() ? "-" : api::printable(label, 200));
  row.insert(row.end(), {std::to_string(sum.submits),
                         sum.submits_unknown == 0 ? "-" : std::to_string(sum.submits_unknown),
                         cost_text(currency, sum)});
  return row;
}

Row heading_of(const CostsQuery& query) {
  constexpr const char* headings[] = {N_("DAY"), N_("MONTH"), N_("MODEL")};
  Row heading;
  for (const auto by : query.by)
    heading.emplace_back(_(headings[static_cast<std::size_t>(by)]));
  heading.insert(heading.end(), {_("SUBMITS"), C_("submits", "UNKNOWN"), _("COST")});
  return heading;
}

}  // namespace

bool is_in(const CostsQuery& query, const std::string& day) {
  const auto common = std::min(day.size(), query.since.size());
  return day.compare(0, common, query.since, 0, common) >= 0;
}

std::vector<CostsBy> read_costs_by(const std::string& text) {
  std::vector<CostsBy> keys;
  std::istringstream words(text + ",");
  for (std::string word; std::getline(words, word, ',');) {
    const auto* name = std::ranges::find(names, word);
    const auto by = static_cast<CostsBy>(name - std::begin(names));
    if (name == std::end(names) || std::ranges::find(keys, by) != keys.end())
      return {};
    keys.push_back(by);
  }
  return keys;
}

std::string costs_as_text(const store::Account& account, const CostsQuery& query) {
  std::vector<Row> rows = {heading_of(query)};
  Labels total(query.by.size());
  total.front() = _("total");
  Sums totals;
  const auto sums = sums_of(account, query);
  if (sums.empty())
    return {};
  for (const auto& [place, sum] : sums) {
    rows.push_back(row_of(place.first, place.second, sum));
    add(totals, total,
        {.currency = place.second,
         .micros = sum.micros,
         .submits = sum.submits,
         .submits_unknown = sum.submits_unknown});
  }
  for (const auto& [place, sum] : totals)
    rows.push_back(row_of(place.first, place.second, sum));
  return as_table(rows);
}

std::string costs_as_json(const store::Account& account, const CostsQuery& query) {
  Array items;
  for (const auto& [place, sum] : sums_of(account, query)) {
    const auto& [labels, currency] = place;
    const bool is_known = !currency.empty();
    Object item;
    for (std::size_t i = 0; i < labels.size(); ++i)
      item.push_back({name_of(query.by[i]), {labels[i]}});
    item.push_back({"submits", {static_cast<std::int64_t>(sum.submits)}});
    item.push_back({"unknown", {static_cast<std::int64_t>(sum.submits_unknown)}});
    item.push_back({"cost", is_known ? Value{Money{sum.micros, {}}.amount()} : Value{nullptr}});
    item.push_back({"currency", is_known ? Value{currency} : Value{nullptr}});
    items.push_back({std::move(item)});
  }
  return api::json_text(items);
}

}  // namespace modelverse::tool
