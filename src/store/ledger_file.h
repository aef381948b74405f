// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of the ledger: their names and their text. See ledger.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "core/result.h"

namespace modelverse::store {

// `unknown`: the POST may be under way, or its response was lost.
enum class SubmitOutcome { accepted, refused, unknown };

// One submit.
struct LedgerEntry {
  std::int64_t time = 0;  // unix seconds
  std::string key;        // of the cache entry
  std::string model;
  std::optional<Money> cost;  // the estimate; empty: unknown
  SubmitOutcome outcome = SubmitOutcome::unknown;
  std::string task_id;       // of an accepted submit
  double usage_seconds = 0;  // as reported by the service, 0: not reported; for display only
};

// The submits of one month, model and currency.
struct LedgerSum {
  std::string model;
  std::string currency;                    // empty: of unknown cost
  std::int64_t micros = 0;                 // the sum of the known estimates
  std::uint64_t submits = 0;               // accepted or of unknown outcome
  std::uint64_t submits_unknown = 0;       // of these, of unknown outcome
  std::uint64_t submits_without_cost = 0;  // of these, of unknown cost
};

std::string encode_entry(const LedgerEntry& entry);
// Error (wrong_type): the text is damaged.
Result<LedgerEntry> decode_entry(const std::string& text);
std::string encode_sums(const std::vector<LedgerSum>& sums);
Result<std::vector<LedgerSum>> decode_sums(const std::string& text);

// Adds a submit that counts to the sum of its model and currency.
void add_submit(std::vector<LedgerSum>& sums, const LedgerEntry& entry);

// "2026-11" and "2026-11-30", in UTC.
std::string month_of(std::int64_t time);
std::string day_of(std::int64_t time);

// "2026-11"
bool is_month(std::string_view name);

// The name of a submit's file: its time, random digits, and the estimate in millionths, with which
// a sum needs no look into the file: "001796033505-0123456789abcdef-8560000CNY.submit". Those of
// unknown cost, and of versions before this one, have no estimate.
struct SubmitName {
  std::int64_t time = 0;
  std::uint64_t random = 0;
  std::optional<std::int64_t> micros;
  std::string_view currency;  // of `micros`
  std::string_view submit;    // the name without the suffix
  std::string_view suffix;    // from the dot on
};
// Empty: none of the ledger's names. The result refers to `name`.
std::optional<SubmitName> parse_submit_name(const char* name);
// Without a suffix, and with new random digits.
std::string new_submit_name(const LedgerEntry& entry);

}  // namespace modelverse::store
