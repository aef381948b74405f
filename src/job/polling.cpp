// SPDX-License-Identifier: LGPL-2.1-or-later
// The loop around the poller.
#include "job/polling.h"

#include <utility>

#include "job/poller.h"

namespace modelverse::job {

namespace {

Error overdue(const Context& context) {
  Error error{.code = ErrorCode::read,
              .text = "The clip was not ready within task-timeout (" +
                      std::to_string(context.settings().task_timeout) +
                      " s). The task may still finish and is billed.",
              .debug = "generate: task-timeout"};
  error.details.phase = Phase::generate;
  return error;
}

Result<std::string> poll_until_link(Context& context, Clock::Duration wait) {
  Poller poller(context);
  for (;;) {
    if (!context.sleep(wait))
      return cancelled_error(Phase::generate);
    if (context.is_overdue())
      return overdue(context);
    // The disk may have space again since the task was accepted.
    if (!context.is_written_down)
      (void)save_record(context);
    auto step = poller.ask();
    if (auto* link = std::get_if<std::string>(&step))
      return std::move(*link);
    if (auto* error = std::get_if<Error>(&step)) {
      // An error of a request that the deadline itself interrupted is reported as the deadline.
      if (error->code != ErrorCode::cancelled && error->code != ErrorCode::failed &&
          context.is_overdue())
        return overdue(context);
      return std::move(*error);
    }
    wait = std::get<Poller::Again>(step).wait;
  }
}

}  // namespace

Result<std::string> wait_for_result(Context& context) {
  const PollPolicy policy(std::chrono::milliseconds(context.settings().poll_interval),
                          context.random);
  // A task of an earlier run may have finished long ago: poll at once.
  auto link = poll_until_link(
      context, context.is_submitted_now ? policy.wait_before(0) : Clock::Duration::zero());
  if (link.ok() || link.error().code == ErrorCode::cancelled)
    return link;
  const bool has_failed = link.error().code == ErrorCode::failed;
  if (has_failed) {
    forget_task(context);
    auto error = with_details(std::move(link).error(), context.record);
    error.details.resume.clear();
    return error;
  }
  return with_task(std::move(link).error(), context.record);
}

Result<std::string> renew_link(Context& context) {
  // Limits the polls if the service no longer reports Success.
  context.start_deadline();
  auto link = poll_until_link(context, Clock::Duration::zero());
  context.deadline.reset();
  return link;
}

}  // namespace modelverse::job
