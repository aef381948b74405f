// SPDX-License-Identifier: LGPL-2.1-or-later
// The state of a task at the service, and the content of one response.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace modelverse {

namespace task {
struct None {};
struct Submitting {};
struct Pending {};
struct Running {};
struct Success {
  std::vector<std::string> urls;  // secrets: signed links
};
struct Failure {
  std::string status;   // as sent by the service: "Failure", "Expired", ...
  std::string message;  // the service's error_message; may be empty
};
}  // namespace task

using TaskStatus = std::variant<task::None, task::Submitting, task::Pending, task::Running,
                                task::Success, task::Failure>;

// "none", "submitting", "pending", "running", "success", "failure": the property's values.
const char* task_status_name(const TaskStatus& status);

// Content of one response of the status route. Missing fields are absent or empty.
struct TaskReport {
  TaskStatus status;
  std::string task_id;
  std::string request_id;
  std::optional<std::int64_t> submit_time;  // unix seconds
  std::optional<std::int64_t> finish_time;  // unix seconds
  std::optional<double> usage_seconds;      // the service's number; for display only
  // An undocumented status. `status` is then Running, or Success if there are result links.
  std::string unknown_status;
};

// Content of the submit route's response after acceptance.
struct SubmitReceipt {
  std::string task_id;
  std::string request_id;
};

// The fields of the element's `stats`.
struct TaskStats {
  std::string task_id;
  std::string request_id;
  std::string model;
  std::int64_t submit_time = 0;  // unix seconds, 0: not yet known
  std::int64_t finish_time = 0;  // unix seconds, 0: not yet known
  double usage_seconds = 0;
  unsigned polls = 0;
  unsigned retries = 0;
  std::uint64_t bytes = 0;  // received so far
  std::uint64_t size = 0;   // of the clip, 0: not yet known
  bool cache_hit = false;
};

}  // namespace modelverse
