// SPDX-License-Identifier: LGPL-2.1-or-later
// Saves the entry's record for the phases, and adds details to errors.
#include "job/context.h"

#include <utility>

#include "api/printable.h"

namespace modelverse::job {

Status save_record(Context& context) {
  auto saved = context.location.entry->save(context.record);
  context.is_written_down = context.is_written_down || saved.ok();
  return saved;
}

Status announce_record(Context& context) {
  auto announced = context.location.entry->announce(context.record);
  context.is_written_down = context.is_written_down || announced.ok();
  return announced;
}

// A failure to remove the entry is not an error of the job: the remaining entry (its record says
// `submitting` or names a failed task) may need manual removal, but costs no money.
void forget_task(Context& context) {
  if (context.unknown)
    (void)context.location.entry->save(*context.unknown);
  else
    (void)context.location.entry->give_up();
}

std::string shown_id(const Record& record) {
  return api::printable(record.task_id, 200);
}

Error with_details(Error error, const Record& record) {
  error.details.task_id = record.task_id;
  if (error.details.request_id.empty())
    error.details.request_id = record.request_id;
  if (!record.task_id.empty())
    error.details.resume = "task-id=" + record.task_id;
  return error;
}

Error with_task(Error error, const Record& record) {
  if (record.task_id.empty() || error.code == ErrorCode::cancelled)
    return with_details(std::move(error), record);
  // The service's message comes last and is not punctuated.
  if (error.text.find_last_of(".!?") + 1 != error.text.size())
    error.text += '.';
  const auto again = "the same request, or task-id=" + shown_id(record);
  // A task that the service does not have may never return, and its entry prevents another submit.
  if (error.code == ErrorCode::not_found)
    error.text += " The task is kept: " + again +
                  ", queries it again. For a new clip, set take; to remove this one: "
                  "modelverse-tasks remove --force " +
                  record.key.substr(0, shown_key) + ".";
  else
    error.text += " The task is kept: " + again + ", resumes it without another payment.";
  return with_details(std::move(error), record);
}

}  // namespace modelverse::job
