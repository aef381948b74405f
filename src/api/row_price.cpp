// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the price of a row.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "api/json.h"
#include "api/printable.h"
#include "api/row_reader.h"

namespace modelverse::api {
namespace {

// Of a second or of a clip: that of a clip of an hour is an amount of money still.
constexpr double largest_price = 1e5;

}  // namespace

bool is_date(const std::string& text) {
  int length = 0, year = 0, month = 0, day = 0;
  const int count = std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &length);
  return count == 3 && length == 10 && text.size() == 10;
}

std::int64_t RowReader::read_amount(JsonNode* node) {
  const auto amount = number_of(node);
  if (amount && *amount >= 0 && *amount <= largest_price)
    return micros_of(*amount);
  fail(_("%s must be a price, from 0 to 100000"), here().c_str());
  return 0;
}

std::vector<std::string> RowReader::read_price_resolutions(JsonNode* node) {
  std::vector<std::string> names;
  const auto take = [&](JsonNode* item) {
    auto name = string_of(item).value_or("");
    if (name.empty() || !is_printable(name))
      return fail(_("%s must be a resolution"), here().c_str());
    names.push_back(std::move(name));
  };
  if (JSON_NODE_HOLDS_ARRAY(node))
    each_item(node, take);
  else
    take(node);
  return names;
}

void RowReader::read_price_member(PriceCase& one, const std::string& member, JsonNode* node) {
  if (member == "resolution") {
    one.resolutions = read_price_resolutions(node);
  } else if (member == "durations") {
    one.durations = read_durations(node);
  } else if (member == "audio" || member == "references") {
    auto& condition = member == "audio" ? one.audio : one.references;
    condition = boolean_of(node);
    if (!condition)
      fail(_("%s must be true or false"), here().c_str());
  } else if (member == "per-second") {
    one.micros_per_second = read_amount(node);
  } else if (member == "per-clip" && JSON_NODE_HOLDS_ARRAY(node)) {
    each_item(node, [&](JsonNode* item) { one.micros_a_clip.push_back(read_amount(item)); });
  } else if (member == "per-clip") {
    one.micros_a_clip = {read_amount(node)};
  } else {
    fail(_("%s is not a member of a price"), here().c_str());
  }
}

PriceCase RowReader::read_price_case(JsonNode* node) {
  PriceCase one;
  if (!JSON_NODE_HOLDS_OBJECT(node)) {
    fail(_("%s must be an object"), here().c_str());
    return one;
  }
  JsonObject* object = json_node_get_object(node);
  const auto place = name_;
  for (const auto& member : member_names(object)) {
    name_ = place + "." + printable(member, 100);
    read_price_member(one, member, json_object_get_member(object, member.c_str()));
  }
  name_ = place;
  if (one.micros_per_second == 0 && one.micros_a_clip.empty())
    fail(_("%s must have per-second or per-clip"), here().c_str());
  if (one.micros_a_clip.size() > 1 && one.micros_a_clip.size() != one.durations.size())
    fail(_("%s must have one amount in per-clip for each of its durations"), here().c_str());
  return one;
}

void RowReader::take_price(Profile& profile, JsonNode* node) {
  profile.price.reset();
  if (JSON_NODE_HOLDS_NULL(node))
    return;
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return fail(_("%s must be an object, or null"), here().c_str());
  JsonObject* object = json_node_get_object(node);
  PriceList price;
  const auto place = name_;
  for (const auto& member : member_names(object)) {
    name_ = place + "." + printable(member, 100);
    JsonNode* value = json_object_get_member(object, member.c_str());
    auto text = string_of(value).value_or("");
    if (member == "currency" && is_currency(text))
      price.currency = std::move(text);
    else if (member == "date" && is_date(text))
      price.date = std::move(text);
    else if (member == "source" && !text.empty() && is_printable(text))
      price.source = std::move(text);
    else if (member == "cases")
      each_item(value, [&](JsonNode* item) { price.cases.push_back(read_price_case(item)); });
    else
      fail(_("%s is not a member of a price, or has no such value"), here().c_str());
  }
  name_ = place;
  if (price.currency.empty() || price.date.empty() || price.source.empty() || price.cases.empty())
    return fail(_("%s must have currency, date, source and cases"), here().c_str());
  profile.price = std::move(price);
}

// A price of another resolution or duration would never apply.
void RowReader::settle_price(const Profile& profile) {
  name_ = "price";
  if (!has("price") || !profile.price)
    return;
  for (const auto& one : profile.price->cases) {
    for (const auto& name : one.resolutions)
      if (!profile.resolutions.empty() && !find_resolution(profile, name))
        fail(_("%s has a resolution that the model does not have: %s"), here().c_str(),
             name.c_str());
    for (const int duration : one.durations)
      if (!profile.durations.empty() && !holds(profile.durations, duration))
        fail(_("%s has a duration that the model does not have: %s"), here().c_str(),
             std::to_string(duration).c_str());
  }
}

}  // namespace modelverse::api
