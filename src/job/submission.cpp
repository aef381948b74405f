// SPDX-License-Identifier: LGPL-2.1-or-later
// Record, POST, record.
#include "job/submission.h"

#include <glib.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "api/check.h"
#include "api/wire.h"
#include "glib/handles.h"
#include "job/descriptors.h"
#include "job/preparation.h"
#include "job/refusal.h"
#include "job/submit_attempt.h"
#include "job/submit_query.h"

namespace modelverse::job {

namespace {

// The task is paid for: a write error affects only the cache, not the clip.
void keep(Context& context, const TaskInfo& accepted) {
  context.is_submitted_now = true;
  context.record.state = RecordState::submitted;
  context.record.external_id.clear();
  context.record.proven_time = 0;
  context.record.account.clear();
  context.record.update(accepted);
  context.job_state.set_task(context.record);
  context.is_written_down = false;
  const auto saved = save_record(context);
  if (saved.ok())
    return;
  auto warning = saved.error();
  const auto id = shown_id(context.record);
  warning.text = "The task " + id +
                 " was accepted, but could not be recorded. Note its id: task-id=" + id +
                 " fetches its clip.";
  context.job_state.warn(with_details(std::move(warning), context.record));
}

Attempt post(Context& context, const SharedText& body) {
  const auto call = submit_call(context.plan.base_url);
  const std::chrono::seconds response_timeout(context.settings().submit_timeout);
  return judge_submit(context.service.submit(body, response_timeout), call);
}

// Resources for the POST and for the record of its outcome are reserved before the record announces
// the POST. The connection's descriptors are released right before it is opened: libsoup cannot
// take them over.
Attempt announce_and_post(Context& context, const SharedText& body) {
  auto spare = SpareDescriptors::take(connection_descriptors);
  const auto announced = spare ? announce_record(context) : Status(spare.error());
  if (!announced)
    return NotAccepted{announced.error(), announced.error().code == ErrorCode::too_many_files, {}};
  spare->give_back();
  return post(context, body);
}

// The job outlives its readers meanwhile, so that the response is always recorded.
Attempt post_once(Context& context, const SharedText& body) {
  const Posting posting(context.job_state, longest_submit(context.settings()));
  if (!posting)
    return NotAccepted{cancelled_error(Phase::submit), false, {}};
  auto attempt = announce_and_post(context, body);
  if (auto* accepted = std::get_if<Accepted>(&attempt))
    keep(context, accepted->task);
  else if (std::holds_alternative<NotAccepted>(attempt))
    forget_task(context);
  return attempt;
}

// The request to send. It keeps its picture only if a later attempt needs a new external id.
struct Outgoing {
  Request request;
  std::string external_id = {};
  SharedText body = {};
};

void renew(Outgoing& outgoing, const api::Profile& profile) {
  const CharPtr random(g_uuid_string_random());
  outgoing.external_id = api::choose_external_id(profile, outgoing.request, random.get());
  outgoing.body = {};  // before the next one takes its memory
  outgoing.body = api::encode_submit(profile, outgoing.request, outgoing.external_id);
  if (outgoing.external_id.empty())
    outgoing.request.picture = {};
}

Error could_not_be_asked(Error unknown, const Error& why) {
  unknown.text += " Or run the same request again: it queries the service for the task first.";
  unknown.debug += "; then " + why.debug;
  return unknown;
}

// The attempt's outcome after the service was queried for its task.
Attempt settle(Context& context, NotKnown unknown, Clock::TimePoint proven_at) {
  context.job_state.log("Querying the task of a submit without a response: " + unknown.error.debug);
  context.job_state.report_progress(Phase::submit, 0,
                                    "The response was lost: querying the service for the task");
  auto found = find_submitted_task(context, proven_at);
  if (!found) {
    if (found.error().code == ErrorCode::cancelled)
      return NotKnown{std::move(found).error()};
    return NotKnown{could_not_be_asked(std::move(unknown.error), found.error())};
  }
  if (*found) {
    keep(context, **found);
    return Accepted{};
  }
  // A response that named a task speaks against it, in later runs as well.
  if (!unknown.error.details.task_id.empty()) {
    context.record.external_id.clear();
    (void)save_record(context);
    return unknown;
  }
  forget_task(context);
  unknown.error.text = "The submit was not accepted: the service has no task for it.";
  return NotAccepted{std::move(unknown.error), true, {}};
}

Attempt post_in_turn(Context& context, const Outgoing& outgoing) {
  const auto pass = post_gate().enter(context.stop, [&] {
    context.job_state.inform("Waiting to submit: other requests of this process are being sent.");
  });
  if (!pass)
    return NotAccepted{cancelled_error(Phase::submit), false, {}};
  context.record = new_record(context.plan);
  context.record.submit_time = context.clock.unix_time();
  if (!outgoing.external_id.empty()) {
    context.record.external_id = outgoing.external_id;
    context.record.proven_time =
        context.record.submit_time + longest_submit(context.settings()).count();
    if (const auto& key = context.plan.api_key())
      context.record.account = account_of(key.value());
  }
  return post_once(context, outgoing.body);
}

Attempt post_and_settle(Context& context, const Outgoing& outgoing) {
  auto attempt = post_in_turn(context, outgoing);
  auto* unknown = std::get_if<NotKnown>(&attempt);
  if (!unknown || outgoing.external_id.empty())
    return attempt;
  // The last exchange sent its first byte before now.
  const auto proven_at =
      context.clock.now() + std::chrono::seconds(context.settings().submit_timeout);
  return settle(context, std::move(*unknown), proven_at);
}

// Frees the request with its picture before it returns.
Status post_until_known(Context& context, Request request) {
  auto budget = context.retry_budget();
  Outgoing outgoing{std::move(request)};
  renew(outgoing, *context.plan.profile);
  for (int attempts = 1;; ++attempts) {
    auto attempt = post_and_settle(context, outgoing);
    if (std::get_if<Accepted>(&attempt))
      return Done{};
    if (auto* unknown = std::get_if<NotKnown>(&attempt)) {
      unknown->error.details.attempts = attempts;
      return std::move(unknown->error);
    }
    auto& refused = std::get<NotAccepted>(attempt);
    refused.error.details.attempts = attempts;
    // Repeating has a limit of its own; the first attempt and its turn at the gate do not count.
    if (attempts == 1)
      context.start_deadline();
    const auto wait = refused.may_be_repeated ? budget.next(refused.retry_after) : std::nullopt;
    if (!wait)
      return std::move(refused.error);
    if (!context.sleep(*wait))
      return cancelled_error(Phase::submit);
    if (context.is_overdue())
      return std::move(refused.error);
    context.count_retry(refused.error);
    if (!outgoing.external_id.empty())
      renew(outgoing, *context.plan.profile);
  }
}

// Queries the submit of an earlier run. True: its task is found.
Result<bool> settle_earlier(Context& context) {
  const auto& settings = context.settings();
  const auto submit_time = context.record.submit_time;
  const auto proven_time = context.record.proven_time > 0
                               ? context.record.proven_time
                               : submit_time + longest_submit(settings).count();
  const auto left = std::clamp<std::int64_t>(proven_time - context.clock.unix_time(), 0,
                                             std::max<std::int64_t>(proven_time - submit_time, 0));
  // Who sets resubmit has decided already; a task that is there is still not paid for again.
  const auto wait = std::chrono::seconds(settings.resubmit ? 0 : left);
  auto found = find_submitted_task(context, context.clock.now() + wait);
  if (!found && found.error().code == ErrorCode::cancelled)
    return std::move(found).error();
  if (!found && !settings.resubmit)
    return could_not_be_asked(
        unknown_outcome("submit: an earlier run ended before it had the response"), found.error());
  // An id is unique for an account, and no other can see its task.
  const auto& key = context.plan.api_key();
  const bool is_same_account =
      context.record.account.empty() || (key && context.record.account == account_of(key.value()));
  if (found && !*found && !is_same_account && !settings.resubmit)
    return unknown_outcome("submit: an earlier run with another API key lost the response");
  const bool is_proven =
      found && (*found || (is_same_account && (left == 0 || !settings.resubmit)));
  if (is_proven)
    context.unknown.reset();
  if (!found || !*found)
    return false;
  context.record.url_index = settings.url_index;
  keep(context, **found);
  context.is_submitted_now = false;
  context.plan.drop_picture();
  return true;
}

}  // namespace

Error unknown_outcome(const std::string& why) {
  Error error{.code = ErrorCode::write,
              .text =
                  "The submit may have been accepted and billed, but its response was lost. "
                  "It is not sent again automatically: check your account's tasks, then set "
                  "task-id to fetch the clip, or resubmit=true to submit (and pay) again.",
              .debug = why};
  error.details.phase = Phase::submit;
  return error;
}

// auth-scheme=auto may send it twice. Before the first byte, name resolution, connection and TLS
// may each be idle for `timeout`.
std::chrono::seconds longest_submit(const Settings& settings) {
  constexpr int attempts = 2;
  constexpr int steps_to_connect = 3;
  return attempts * (std::chrono::seconds(settings.submit_timeout) +
                     steps_to_connect * std::chrono::seconds(settings.timeout));
}

Status submit(Context& context) {
  auto& job_state = context.job_state;
  const bool is_begun = !context.record.external_id.empty();
  if (is_begun) {
    job_state.start_phase(Phase::submit, "Checking the outcome of an earlier submit");
    job_state.set_status(TaskStatus::submitting);
    const auto is_found = settle_earlier(context);
    if (!is_found)
      return is_found.error();
    if (*is_found) {
      job_state.complete_phase(Phase::submit,
                               "Submitted earlier: task " + shown_id(context.record));
      return Done{};
    }
  }
  auto request = prepare_request(context);
  if (!request)
    return std::move(request).error();
  for (auto& warning : api::warnings_of(*context.plan.profile, *request))
    job_state.warn(std::move(warning));
  if (!is_begun) {
    job_state.start_phase(Phase::submit, "Submitting the request");
    job_state.set_status(TaskStatus::submitting);
  }
  if (auto posted = post_until_known(context, std::move(request).value()); !posted)
    return posted;
  job_state.complete_phase(Phase::submit, "Submitted: task " + shown_id(context.record));
  return Done{};
}

}  // namespace modelverse::job
