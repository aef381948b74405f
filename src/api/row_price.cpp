// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the price of a row.
#include <cstdio>
#include <utility>

#include "api/json.h"
#include "api/row_reader.h"

namespace modelverse::api {
namespace {

// Of a second or of a clip: that of a clip of an hour is an amount of money still.
constexpr double largest_price = 1e5;

std::int64_t read_amount(RowReader& reader, const Value& value) {
  const auto amount = number_of(value);
  if (amount && *amount >= 0 && *amount <= largest_price)
    return micros_of(*amount);
  reader.fail(_("%s must be a price, from 0 to 100000"), reader.here());
  return 0;
}

// A name, or a list of names.
std::vector<std::string> read_price_resolutions(RowReader& reader, const Value& value) {
  if (const auto* name = text_in(value))
    return {*name};
  std::vector<std::string> names;
  reader.each_text(value, _("%s must be a resolution"), [&](const std::string& name) {
    names.push_back(name);
    return true;
  });
  return names;
}

void read_case_member(RowReader& reader, PriceCase& one, const std::string& member,
                      const Value& value) {
  if (member == "resolution") {
    one.resolutions = read_price_resolutions(reader, value);
  } else if (member == "durations") {
    one.durations = read_durations(reader, value);
  } else if (member == "audio" || member == "references") {
    auto& condition = member == "audio" ? one.audio : one.references;
    condition = boolean_of(value);
    if (!condition)
      reader.fail(_("%s must be true or false"), reader.here());
  } else if (member == "per-second") {
    one.micros_per_second = read_amount(reader, value);
  } else if (member == "per-clip" && std::holds_alternative<Array>(value.data)) {
    reader.each_item(
        value, [&](const Value& item) { one.micros_a_clip.push_back(read_amount(reader, item)); });
  } else if (member == "per-clip") {
    one.micros_a_clip = {read_amount(reader, value)};
  } else {
    reader.fail(_("%s is not a member of a price"), reader.here());
  }
}

PriceCase read_price_case(RowReader& reader, const Value& value) {
  PriceCase one;
  reader.each_member(value, [&](const std::string& member, const Value& amount) {
    read_case_member(reader, one, member, amount);
  });
  if (one.micros_per_second == 0 && one.micros_a_clip.empty())
    reader.fail(_("%s must have per-second or per-clip"), reader.here());
  if (one.micros_a_clip.size() > 1 && one.micros_a_clip.size() != one.durations.size())
    reader.fail(_("%s must have one amount in per-clip for each of its durations"), reader.here());
  return one;
}

}  // namespace

bool is_date(const std::string& text) {
  int length = 0, year = 0, month = 0, day = 0;
  const int count = std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &length);
  return count == 3 && length == 10 && text.size() == 10;
}

void take_price(RowReader& reader, Profile& profile, const Value& value) {
  profile.price.reset();
  if (std::holds_alternative<std::nullptr_t>(value.data))
    return;
  PriceList price;
  reader.each_member(value, [&](const std::string& member, const Value& part) {
    const auto* text = text_in(part);
    if (member == "currency" && text && is_currency(*text))
      price.currency = *text;
    else if (member == "date" && text && is_date(*text))
      price.date = *text;
    else if (member == "source" && text)
      price.source = *text;
    else if (member == "cases")
      reader.each_item(
          part, [&](const Value& item) { price.cases.push_back(read_price_case(reader, item)); });
    else
      reader.fail(_("%s is not a member of a price, or has no such value"), reader.here());
  });
  if (price.currency.empty() || price.date.empty() || price.source.empty() || price.cases.empty())
    return reader.fail(_("%s must have currency, date, source and cases"), reader.here());
  profile.price = std::move(price);
}

void check_price(RowReader& reader, const Profile& profile) {
  reader.enter("price");
  if (!reader.has("price") || !profile.price)
    return;
  for (const auto& one : profile.price->cases) {
    for (const auto& name : one.resolutions)
      check_resolution(reader, profile, name);
    check_durations(reader, profile, one.durations);
  }
}

}  // namespace modelverse::api
