// SPDX-License-Identifier: LGPL-2.1-or-later
// What --max-cost and the daily budget mean for a plan.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "render/options.h"
#include "render/report.h"

namespace modelverse::render {

// Sets the daily budget to that of the environment where the command line has none. Error
// (settings): it is not an amount of money.
Status complete_limits(Options& options);

// Notes each shot that would be refused for its cost.
void note_refused_costs(std::vector<Event>& plan, const Options& options);

// That the plan costs more than what is left of the daily budget, or that this is unknown; empty:
// it does not. Reads the ledger.
std::string budget_warning(const std::vector<Event>& plan, const Options& options);

}  // namespace modelverse::render
