// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of task states, and the update of what is known of a task.
#include "core/task.h"

namespace modelverse {

namespace {

template <typename T>
void take_over(T& known, const T& news) {
  if (news != T())
    known = news;
}

}  // namespace

const char* task_status_name(TaskStatus status) {
  switch (status) {
    case TaskStatus::none:
      return "none";
    case TaskStatus::submitting:
      return "submitting";
    case TaskStatus::pending:
      return "pending";
    case TaskStatus::running:
      return "running";
    case TaskStatus::success:
      return "success";
    case TaskStatus::failure:
      return "failure";
  }
  return "none";
}

void TaskInfo::update(const TaskInfo& news) {
  take_over(task_id, news.task_id);
  take_over(request_id, news.request_id);
  take_over(model, news.model);
  take_over(submit_time, news.submit_time);
  take_over(finish_time, news.finish_time);
  take_over(usage_seconds, news.usage_seconds);
  take_over(cost, news.cost);
}

}  // namespace modelverse
