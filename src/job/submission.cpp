// SPDX-License-Identifier: LGPL-2.1-or-later
// Record, POST, record.
#include "job/submission.h"

#include <glib.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "api/check.h"
#include "api/wire.h"
#include "glib/handles.h"
#include "glib/heap.h"
#include "glib/random.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "job/budget.h"
#include "job/descriptors.h"
#include "job/look_up.h"
#include "job/refusal.h"
#include "job/submit_attempt.h"
#include "job/submit_query.h"

namespace modelverse::job {

namespace {

// The task is paid for: a write error affects only the cache, not the clip.
void record_task(Job& job, const TaskInfo& accepted) {
  job.is_submitted_now = true;
  job.record.state = RecordState::submitted;
  job.record.external_id.clear();
  job.record.proven_time = 0;
  job.record.account.clear();
  job.record.update(accepted);
  job.state.set_task(job.record);
  job.is_recorded = false;
  const auto saved = save_record(job);
  if (saved.ok())
    return;
  auto warning = saved.error();
  const auto id = shown_id(job.record);
  warning.text = format_text(_("The task %s was accepted, but could not be recorded. Note its id: "
                               "task-id=%s fetches its clip."),
                             id.c_str(), id.c_str());
  job.warn(std::move(warning));
}

// A process that is suspended while it connects may lose its claim.
Attempt post(Job& job, const SharedText& body) {
  const auto call = submit_call(job.plan.base_url);
  const std::chrono::seconds response_timeout(job.settings().submit_timeout);
  std::vector<http::Header> headers;
  for (const auto& [name, value] : job.plan.profile->headers)
    headers.push_back({name, std::get<std::string>(value.data)});
  bool is_ours = true;
  const auto reply = job.service->submit(body, response_timeout, std::move(headers), [&] {
    is_ours = job.entry->is_claimed();
    return is_ours;
  });
  const auto* fault = std::get_if<http::Fault>(&reply);
  if (!is_ours && fault && !fault->is_request_sent)
    return Overtaken{};
  return judge_submit(reply, call);
}

// Nothing was announced, or it was taken back.
Attempt not_begun(Job& job, const Error& error) {
  forget_task(job);
  return NotAccepted{error, error.code == ErrorCode::too_many_files, {}};
}

// Records the outcome in the cache entry, then in the ledger.
void record_outcome(Job& job, const Attempt& attempt, store::EnteredSubmit& entered) {
  if (const auto* accepted = std::get_if<Accepted>(&attempt)) {
    record_task(job, accepted->task);
    (void)entered.settle(store::SubmitOutcome::accepted, accepted->task.task_id);
  } else if (const auto* refused = std::get_if<NotAccepted>(&attempt)) {
    // One that is repeated has an entry of its own then.
    if (refused->may_be_repeated)
      entered.withdraw();
    else
      (void)entered.settle(store::SubmitOutcome::refused, {});
    forget_task(job);
  } else if (std::get_if<Overtaken>(&attempt)) {
    entered.withdraw();
    forget_task(job);
  }
}

std::string submitting_text(const Plan& plan) {
  if (!plan.cost)
    return _("Submitting the request");
  return format_text(_("Submitting the request, estimated cost %s"),
                     money_text(*plan.cost).c_str());
}

Attempt announce_and_post(Job& job, const SharedText& body, SpareDescriptors& spare,
                          store::EnteredSubmit& entered) {
  if (!job.state.keep_posting()) {
    entered.withdraw();
    return not_begun(job, cancelled_error());
  }
  // Behind the limits, so that a refusal announces no submit.
  job.start(submitting_text(job.plan));
  job.state.set_status(TaskStatus::submitting);
  if (!job.record.external_id.empty())
    job.record.proven_time = job.clock.unix_time() + longest_submit(job.settings()).count();
  const auto announced = announce_record(job);
  if (!announced || !*announced)
    entered.withdraw();
  if (!announced)
    return not_begun(job, announced.error());
  if (!*announced)
    return Overtaken{};
  spare.give_back();
  auto attempt = post(job, body);
  record_outcome(job, attempt, entered);
  return attempt;
}

// Resources for the POST and for the records of its outcome are reserved before the ledger and the
// entry's record announce the POST. The connection's descriptors are released right before it is
// opened: libsoup cannot take them over. The job outlives its readers meanwhile, so that the
// response is always recorded. Nothing: the ledger is busy.
std::optional<Attempt> post_once(Job& job, const SharedText& body) {
  const Posting posting(job.state, longest_submit(job.settings()));
  if (!posting)
    return NotAccepted{cancelled_error(), false, {}};
  auto spare = SpareDescriptors::take(connection_descriptors);
  if (!spare)
    return not_begun(job, spare.error());
  job.record.submit_time = job.clock.unix_time();
  auto entered = enter_submit(job);
  if (!entered)
    return not_begun(job, entered.error());
  if (!*entered)
    return {};
  return announce_and_post(job, body, *spare, **entered);
}

Error busy_ledger(const Job& job) {
  return {.code = ErrorCode::open_write,
          .text = format_text(_("The daily budget cannot be checked: other submits have kept the "
                                "ledger in %s busy for too long. Nothing was submitted."),
                              job.plan.cache_dir.c_str()),
          .debug = "Ledger::enter(): busy"};
}

// Waits where the ledger is busy. Cancelled, it ends at once. Two machines that see each other's
// reservation get out of step only by waits that differ by more than an attempt takes.
Attempt post_when_free(Job& job, const SharedText& body) {
  constexpr auto longest = std::chrono::seconds(120);
  constexpr Clock::Duration longest_step = std::chrono::seconds(1);
  const auto until = job.clock.now() + longest;
  Clock::Duration step = std::chrono::milliseconds(10);
  for (;;) {
    const auto begin = job.clock.now();
    if (auto attempt = post_once(job, body))
      return *std::move(attempt);
    const auto now = job.clock.now();
    if (now >= until)
      return NotAccepted{busy_ledger(job), false, {}};
    const auto took = now - begin;
    step = std::clamp(step, took, std::max(longest_step, 8 * took));
    const auto wait = std::chrono::duration_cast<Clock::Duration>(step * (1 + job.random()));
    if (!job.clock.sleep_for(std::min(wait, until - now), job.stop))
      return NotAccepted{cancelled_error(), false, {}};
    step *= 2;
  }
}

Error could_not_be_asked(Error unknown, const Error& why) {
  unknown.text = two_sentences(
      unknown.text, _("Or run the same request again: it queries the service for the task first."));
  unknown.debug += "; then " + why.debug;
  return unknown;
}

// The attempt's outcome after the service was queried for its task.
Attempt settle_lost(Job& job, NotKnown unknown, Clock::TimePoint proven_at) {
  job.state.log("Querying the task of a submit without a response: " + unknown.error.debug);
  job.state.report_progress(Phase::submit, 0,
                            _("The response was lost: querying the service for the task"));
  auto found = find_submitted_task(job, proven_at);
  if (!found) {
    if (found.error().code == ErrorCode::cancelled)
      return NotKnown{std::move(found).error()};
    return NotKnown{could_not_be_asked(std::move(unknown.error), found.error())};
  }
  if (*found) {
    record_task(job, **found);
    note_task(job);
    return Accepted{};
  }
  // A response that named a task speaks against it, in later runs as well.
  if (!unknown.error.details.task_id.empty()) {
    job.record.external_id.clear();
    (void)save_record(job);
    return unknown;
  }
  // Stays unknown in the ledger: if the status route does not know ids of the caller
  // (submit_query.cpp), only the daily budget limits how often the clip is paid for.
  forget_task(job);
  unknown.error.text = _("The submit was not accepted: the service has no task for it.");
  return NotAccepted{std::move(unknown.error), true, {}};
}

// Outside of the gate while the service is not to be asked. Empty when stop is requested.
std::optional<Gate::Pass> wait_for_turn(Job& job) {
  for (;;) {
    auto pass = post_gate().enter(job.stop, [&] {
      job.state.inform(_("Waiting to submit: other requests of this process are being sent."));
    });
    const auto held = job.service->held(job.random);
    if (!pass || held <= Clock::Duration::zero())
      return pass;
    pass.reset();
    if (!job.clock.sleep_for(held, job.stop))
      return std::nullopt;
  }
}

Attempt post_in_turn(Job& job, const api::SubmitRequest& request) {
  const auto pass = wait_for_turn(job);
  if (!pass)
    return NotAccepted{cancelled_error(), false, {}};
  job.record = new_record(job.plan);
  if (!request.external_id.empty()) {
    job.record.external_id = request.external_id;
    if (const auto& key = job.plan.api_key)
      job.record.account = account_of(key.value());
  }
  return post_when_free(job, request.body);
}

Attempt post_and_settle(Job& job, const api::SubmitRequest& request) {
  auto attempt = post_in_turn(job, request);
  auto* unknown = std::get_if<NotKnown>(&attempt);
  if (!unknown || request.external_id.empty())
    return attempt;
  // The last exchange sent its first byte before now.
  const auto proven_at = job.clock.now() + std::chrono::seconds(job.settings().submit_timeout);
  return settle_lost(job, std::move(*unknown), proven_at);
}

// A name that does not resolve will not soon, and each attempt waits for the resolver as well:
// doc/guide/troubleshooting.md says two minutes. `since`: the first failure.
bool is_resolved_in_vain(const Job& job, const Error& error, Clock::TimePoint since,
                         Clock::Duration wait) {
  constexpr auto patience = std::chrono::seconds(100);
  return error.code == ErrorCode::not_found && job.settings().retries >= 0 &&
         job.clock.now() + wait - since > patience;
}

// Content and credentials are refused whatever the model.
bool may_be_about_model(const Error& refusal) {
  return refusal.code == ErrorCode::settings || refusal.code == ErrorCode::not_found ||
         refusal.details.error_code == "model_error";
}

Error about_model(const Job& job, Error refusal) {
  const auto withdrawal = api::withdrawal_text(*job.plan.profile);
  if (!withdrawal.empty() && may_be_about_model(refusal))
    refusal.text = two_sentences(refusal.text, withdrawal);
  return refusal;
}

Result<bool> settle_earlier(Job& job);

// After another process was faster: its task or clip is this job's as well.
Status look_up_again(Job& job) {
  job.state.log("Another process has submitted meanwhile: looking up the entry again");
  // It may not be visible yet.
  if (!job.clock.sleep_for(store::claim_look_interval, job.stop))
    return cancelled_error();
  if (auto found = look_up(job); !found || job.record.external_id.empty())
    return found;
  const auto settled = settle_earlier(job);
  return settled ? Status(Done{}) : settled.error();
}

bool is_submit_needed(const Job& job) {
  return !job.clip && job.record.state == RecordState::submitting;
}

// Frees the body before it returns.
Status post_until_known(Job& job, api::SubmitRequest request) {
  auto budget = job.retry_budget();
  Clock::TimePoint since{};
  for (int attempts = 1;; ++attempts) {
    auto attempt = post_and_settle(job, request);
    if (std::get_if<Accepted>(&attempt))
      return Done{};
    if (std::get_if<Overtaken>(&attempt)) {
      if (auto found = look_up_again(job); !found || !is_submit_needed(job))
        return found;
      continue;
    }
    if (auto* unknown = std::get_if<NotKnown>(&attempt)) {
      unknown->error.details.attempts = attempts;
      return std::move(unknown->error);
    }
    auto& refused = std::get<NotAccepted>(attempt);
    refused.error.details.attempts = attempts;
    // Repeating has a limit of its own; the first attempt and its turn at the gate do not count.
    if (attempts == 1) {
      job.start_deadline();
      since = job.clock.now();
    }
    const auto wait = refused.may_be_repeated ? budget.next(refused.retry_after) : std::nullopt;
    if (!wait || is_resolved_in_vain(job, refused.error, since, *wait))
      return about_model(job, std::move(refused.error));
    if (!job.sleep(std::max(*wait, job.service->held([] { return 0.0; }))))
      return cancelled_error();
    if (job.is_overdue())
      return std::move(refused.error);
    job.count_retry(refused.error);
    if (!request.external_id.empty()) {
      request.body = {};  // before the next one takes its memory
      request = api::encode_submit(*job.plan.profile, job.settings(), random_hex(16));
    }
  }
}

// Queries the submit of an earlier run. True: its task is found.
Result<bool> settle_earlier(Job& job) {
  const auto& settings = job.settings();
  const auto submit_time = job.record.submit_time;
  const auto proven_time = job.record.proven_time > 0
                               ? job.record.proven_time
                               : submit_time + longest_submit(settings).count();
  const auto left = std::clamp<std::int64_t>(proven_time - job.clock.unix_time(), 0,
                                             std::max<std::int64_t>(proven_time - submit_time, 0));
  // Who sets resubmit has decided already; a task that is there is still not paid for again.
  const auto wait = std::chrono::seconds(settings.resubmit ? 0 : left);
  auto found = find_submitted_task(job, job.clock.now() + wait);
  if (!found && found.error().code == ErrorCode::cancelled)
    return std::move(found).error();
  if (!found && !settings.resubmit)
    return could_not_be_asked(
        unknown_outcome("submit: an earlier run ended before it had the response"), found.error());
  // An id is unique for an account, and no other can see its task.
  const auto& key = job.plan.api_key;
  const bool is_same_account =
      job.record.account.empty() || (key && job.record.account == account_of(key.value()));
  if (found && !*found && !is_same_account && !settings.resubmit)
    return unknown_outcome("submit: an earlier run with another API key lost the response");
  const bool is_proven =
      found && (*found || (is_same_account && (left == 0 || !settings.resubmit)));
  if (is_proven)
    job.unknown.reset();
  if (!found || !*found)
    return false;
  job.record.url_index = settings.url_index;
  record_task(job, **found);
  note_task(job);
  job.is_submitted_now = false;
  drop_pictures(job.plan.settings);
  return true;
}

}  // namespace

Error unknown_outcome(const std::string& why, SourceLocation origin) {
  return {
      .code = ErrorCode::write,
      .text = _("The submit may have been accepted and billed, but its response was lost. It is "
                "not sent again automatically: check your account's tasks, then set task-id to "
                "fetch the clip, or resubmit=true to submit (and pay) again."),
      .debug = why,
      .origin = origin};
}

// auth-scheme=auto may send it twice. Before the first byte, name resolution, connection and TLS
// may each be idle for `timeout`; without a limit (0), five minutes are taken as one.
std::chrono::seconds longest_submit(const Settings& settings) {
  constexpr int attempts = 2;
  constexpr int steps_to_connect = 3;
  const auto limit = [](unsigned seconds) {
    return std::chrono::seconds(seconds > 0 ? seconds : 300);
  };
  return attempts * (limit(settings.submit_timeout) + steps_to_connect * limit(settings.timeout));
}

Status settle(Job& job) {
  if (job.record.state != RecordState::submitting || job.record.external_id.empty())
    return Done{};
  job.start(_("Checking the outcome of an earlier submit"));
  job.state.set_status(TaskStatus::submitting);
  const auto is_found = settle_earlier(job);
  if (!is_found)
    return is_found.error();
  if (*is_found)
    job.complete(format_text(_("Submitted earlier: task %s"), shown_id(job.record).c_str()));
  return Done{};
}

Status submit(Job& job) {
  if (job.record.state != RecordState::submitting)
    return Done{};
  for (auto& warning : api::warnings_of(*job.plan.profile, job.plan.settings))
    job.warn(std::move(warning));
  auto request = api::encode_submit(*job.plan.profile, job.settings(), random_hex(16));
  // Only a later attempt with another external id needs them again.
  if (request.external_id.empty())
    drop_pictures(job.plan.settings);
  const auto posted = post_until_known(job, std::move(request));
  drop_pictures(job.plan.settings);
  if (!posted)
    return posted;
  trim_heap();  // of the pictures and the request's body
  job.complete(format_text(_("Submitted: task %s"), shown_id(job.record).c_str()));
  return Done{};
}

}  // namespace modelverse::job
