// SPDX-License-Identifier: LGPL-2.1-or-later
// The entry's record as the phases write it, and details that each adds to its errors.
#include "job/context.h"

#include <utility>

namespace modelverse::job {

Status save_record(Context& context) {
  auto saved = context.place.entry->save(context.record);
  context.is_written_down = context.is_written_down || saved.ok();
  return saved;
}

// An entry that cannot be removed costs a person a look (its record says `submitting` or names a
// failed task), never money: so the failure to remove it is not the job's failure.
void forget_task(Context& context) {
  if (context.unknown)
    (void)context.place.entry->save(*context.unknown);
  else
    (void)context.place.entry->give_up();
}

Error with_task(Error error, const Record& record) {
  error.details.task_id = record.task_id;
  if (error.details.request_id.empty())
    error.details.request_id = record.request_id;
  if (!record.task_id.empty())
    error.details.resume = "task-id=" + record.task_id;
  return error;
}

}  // namespace modelverse::job
