// SPDX-License-Identifier: LGPL-2.1-or-later
// What was submitted and what it was estimated to cost, in sums.
#pragma once

#include <string>

#include "store/ledger.h"

namespace modelverse::tool {

enum class CostsBy { day, month, model };

// One line for each day, month or model, and currency; then the totals.
std::string costs_as_text(const store::Account& account, CostsBy by);
// The same without the totals: an array of objects.
std::string costs_as_json(const store::Account& account, CostsBy by);

}  // namespace modelverse::tool
