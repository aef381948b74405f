// SPDX-License-Identifier: LGPL-2.1-or-later
// What was submitted and what it was estimated to cost, in sums.
#pragma once

#include <string>
#include <vector>

#include "store/ledger.h"

namespace modelverse::tool {

enum class CostsBy { day, month, model };

struct CostsQuery {
  std::vector<CostsBy> by = {CostsBy::month};  // one sum for each combination
  std::string since;                           // "2026-11-30" or "2026-11"; empty: all
};

// `day`: "2026-11-30", or "2026-11" where no day is known.
bool is_in(const CostsQuery& query, const std::string& day);

// "day,model". Empty: it is no list of different keys.
std::vector<CostsBy> read_costs_by(const std::string& text);

// One line for each sum and currency; then the totals. Empty without any.
std::string costs_as_text(const store::Account& account, const CostsQuery& query);
// The same without the totals: an array of objects.
std::string costs_as_json(const store::Account& account, const CostsQuery& query);

}  // namespace modelverse::tool
