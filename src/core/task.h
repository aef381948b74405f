// SPDX-License-Identifier: LGPL-2.1-or-later
// A task of the service: what is known of it, and the content of one response.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/money.h"

namespace modelverse {

enum class TaskStatus { none, submitting, pending, running, success, failure };

// "none", "submitting", "pending", "running", "success", "failure": the nicks of the property.
const char* task_status_name(TaskStatus status);

// What is known of one task. Empty or 0: not known.
struct TaskInfo {
  std::string task_id;
  std::string request_id;  // of the latest response that named one
  std::string model;
  std::int64_t submit_time = 0;  // unix seconds
  std::int64_t finish_time = 0;  // unix seconds
  double usage_seconds = 0;      // the service's number; for display only
  std::optional<Money> cost;     // the estimate by the price of the model

  // Takes over each member that is known in `news`.
  void update(const TaskInfo& news);
};

// Content of one response of the status route.
struct TaskReport : TaskInfo {
  TaskStatus status = TaskStatus::running;
  std::string status_text;        // as sent by the service: "Failure", "Expired", ...
  bool is_documented = true;      // else `status` is running, or success if there are result links
  std::vector<std::string> urls;  // of a success. Secrets: signed links
  std::string error_message;      // of a failure; may be empty
};

// The fields of the element's `stats`.
struct TaskStats : TaskInfo {
  unsigned polls = 0;
  unsigned retries = 0;
  std::uint64_t bytes = 0;  // received so far
  std::uint64_t size = 0;   // of the clip, 0: not yet known
  bool cache_hit = false;
};

}  // namespace modelverse
