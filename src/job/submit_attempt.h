// SPDX-License-Identifier: LGPL-2.1-or-later
// Outcome of one POST of the submit. Only this decides whether the POST is repeated.
#pragma once

#include <chrono>
#include <optional>
#include <variant>

#include "core/error.h"
#include "core/task.h"
#include "job/refusal.h"
#include "job/service.h"

namespace modelverse::job {

struct Accepted {
  TaskInfo task;
};
struct NotAccepted {
  Error error;
  bool may_be_repeated = false;
  std::optional<std::chrono::seconds> retry_after;
};
struct NotKnown {
  Error error;
};
// Nothing was sent: another process has submitted or does so now.
struct Overtaken {};
using Attempt = std::variant<Accepted, NotAccepted, NotKnown, Overtaken>;

Attempt judge_submit(const Reply& reply, const Call& call);

}  // namespace modelverse::job
