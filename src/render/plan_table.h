// SPDX-License-Identifier: LGPL-2.1-or-later
// What --dry-run prints.
#pragma once

#include <string>
#include <vector>

#include "render/report.h"

namespace modelverse::render {

// A heading, a line for each shot, what is remarkable, the warnings, each text once, and the total.
std::string plan_as_text(const std::vector<Event>& plan, const std::vector<Event>& warnings);
// Of the whole plan: "3 shots: 1 kept, 2 to be made; cost: unknown".
Event plan_total(const std::vector<Event>& plan);

}  // namespace modelverse::render
