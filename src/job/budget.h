// SPDX-License-Identifier: LGPL-2.1-or-later
// What a submit may cost, and its entry in the ledger (store/ledger.h).
#pragma once

#include <cstdint>
#include <optional>

#include "core/result.h"
#include "core/settings.h"
#include "job/job.h"
#include "store/ledger.h"

namespace modelverse::job {

// In millionths; a limit beyond all prices is the largest number.
std::int64_t limit_of(double amount);

// The setting, else that of the environment; 0: none. Error (settings): not an amount of money.
Result<double> daily_budget(const Settings& settings);

// Refuses a clip that costs more than max-cost, or whose cost is unknown where a limit is set.
// Reads the environment, and sets the job's daily budget. Error: settings.
Status check_cost(Job& job);

// Enters the submit of the job's record. Nothing: another submit is being checked, try again
// soon. Errors: settings (the daily budget is used up), open_write, too_many_files.
Result<std::optional<store::EnteredSubmit>> enter_submit(Job& job);

// What became known later of the record's submit. Errors are ignored: it counts as before.
void settle_submit(const Job& job, const store::Ledger::News& news);
// The task has ended, or its outcome is known now.
void note_task(const Job& job);

}  // namespace modelverse::job
