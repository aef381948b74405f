// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads one row of a list of models.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/printable.h"
#include "api/profile.h"
#include "core/value.h"
#include "glib/text.h"

namespace modelverse::api {

// Changes the fields that the row contains. `where` is the start of a fault: "models[2] (acme/x)".
// Returns the first fault, in the user's language; empty: none.
std::string read_row(const Object& row, const std::string& where, Profile& profile);

// "2026-04-15"
bool is_date(const std::string& text);
// A string that is printable and not empty, or nullptr.
const std::string* text_in(const Value& value);

// Where the reader is in a row or in one of its modes, and the first fault.
class RowReader {
 public:
  RowReader(const Object& row, std::string where) : row_(row), where_(std::move(where)) {}

  const Object& row() const { return row_; }
  const std::string& where() const { return where_; }
  bool has(std::string_view member) const {
    return std::ranges::find(row_, member, &Member::name) != row_.end();
  }
  // The faults that follow are about this member.
  void enter(std::string_view member) { here_ = where_ + "." + std::string(member); }
  // "models[2] (acme/x).durations[1]"
  const char* here() const { return here_.c_str(); }
  // Keeps the first fault: fail(_("%s must be a list"), here()).
  [[gnu::format(printf, 2, 3)]] void fail(const char* format, ...);
  void keep_fault(const std::string& fault) { fault_ = fault_.empty() ? fault : fault_; }
  const std::string& fault() const { return fault_; }

  // Calls `visit(value)` in the place of each item of a list.
  template <typename Visit>
  void each_item(const Value& value, const Visit& visit);
  // Calls `visit(name, value)` in the place of each member of an object.
  template <typename Visit>
  void each_member(const Value& value, const Visit& visit);
  // Calls `take(text)` with each item of a list of strings. `format` is the fault of another item,
  // and of one for which `take` returns false.
  template <typename Take>
  void each_text(const Value& value, const char* format, const Take& take);

 private:
  const Object& row_;
  std::string where_;
  std::string here_;
  std::string fault_;
};

// What row_reader.cpp and row_price.cpp share. The checks find what would never apply.
std::vector<int> read_durations(RowReader& reader, const Value& value);
void check_resolution(RowReader& reader, const Profile& profile, const std::string& name);
void check_durations(RowReader& reader, const Profile& profile, const std::vector<int>& durations);
void take_price(RowReader& reader, Profile& profile, const Value& value);
void check_price(RowReader& reader, const Profile& profile);

template <typename Visit>
void RowReader::each_item(const Value& value, const Visit& visit) {
  const auto* items = std::get_if<Array>(&value.data);
  if (!items)
    return fail(_("%s must be a list"), here());
  const auto list = here_;
  for (std::size_t i = 0; i < items->size(); ++i) {
    here_ = list + "[" + std::to_string(i) + "]";
    visit((*items)[i]);
  }
  here_ = list;
}

template <typename Visit>
void RowReader::each_member(const Value& value, const Visit& visit) {
  const auto* members = std::get_if<Object>(&value.data);
  if (!members)
    return fail(_("%s must be an object"), here());
  const auto object = here_;
  for (const auto& [name, member] : *members) {
    here_ = object + "." + printable(name, 100);
    visit(name, member);
  }
  here_ = object;
}

template <typename Take>
void RowReader::each_text(const Value& value, const char* format, const Take& take) {
  each_item(value, [&](const Value& item) {
    const auto* text = text_in(item);
    if (!text || !take(*text))
      fail(format, here());
  });
}

}  // namespace modelverse::api
