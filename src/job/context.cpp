// SPDX-License-Identifier: LGPL-2.1-or-later
// Details that every phase adds to its errors.
#include "job/context.h"

#include <utility>

namespace modelverse::job {

// An entry that cannot be removed costs a person a look (its record says `submitting` or names a
// failed task), never money: so the failure to remove it is not the job's failure.
void forget_task(Context& context) {
  if (context.previous)
    (void)context.entry.save(*context.previous);
  else
    (void)context.entry.remove();
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
