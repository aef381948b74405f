// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of task states.
#include "core/task.h"

namespace modelverse {

const char* task_status_name(const TaskStatus& status) {
  struct Namer {
    const char* operator()(const task::None&) { return "none"; }
    const char* operator()(const task::Submitting&) { return "submitting"; }
    const char* operator()(const task::Pending&) { return "pending"; }
    const char* operator()(const task::Running&) { return "running"; }
    const char* operator()(const task::Success&) { return "success"; }
    const char* operator()(const task::Failure&) { return "failure"; }
  };
  return std::visit(Namer{}, status);
}

}  // namespace modelverse
