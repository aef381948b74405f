// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of the phases, and what their errors have in common.
#include "job/job.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <utility>

#include "api/printable.h"
#include "core/guarded.h"
#include "glib/heap.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "http/module.h"
#include "job/descriptors.h"
#include "job/download.h"
#include "job/look_up.h"
#include "job/polling.h"
#include "job/preparation.h"
#include "job/submission.h"
#include "job/url_rules.h"
#include "store/cache.h"
#include "store/ledger.h"

namespace modelverse::job {

namespace {

Error with_task_details(Error error, const Record& record) {
  if (record.task_id.empty())
    return error;
  error.details.task_id = record.task_id;
  error.details.resume = "task-id=" + record.task_id;
  if (error.details.request_id.empty())
    error.details.request_id = record.request_id;
  return error;
}

// How to go on with the task after this error.
std::string advice(const Error& error, const Record& record) {
  const auto id = shown_id(record);
  // A task that the service does not have may never return, and its entry prevents another submit.
  if (error.code == ErrorCode::not_found)
    return format_text(_("The task is kept: the same request, or task-id=%s, queries it again. For "
                         "a new clip, set take; to remove this one: modelverse-tasks remove "
                         "--force %s."),
                       id.c_str(), record.key.substr(0, shown_key).c_str());
  return format_text(_("The task is kept: the same request, or task-id=%s, resumes it without "
                       "another payment."),
                     id.c_str());
}

Error explain(Error error, const Job& job) {
  error.details.phase = job.phase;
  error.details.cost = job.state.lock()->stats.cost;
  if (!job.record.task_id.empty() && error.code != ErrorCode::cancelled)
    error.text = two_sentences(error.text, advice(error, job.record));
  if (error.code == ErrorCode::not_authorized && job.plan.has_request)
    error.debug += " (model " + job.plan.settings.model + ")";
  return with_task_details(std::move(error), job.record);
}

using Evictions = std::map<std::pair<pid_t, std::string>, std::optional<store::EvictionRule>>;

// A job that finds another one at it in this process leaves it to that one: each looks at all
// entries, and many clips may be finished at once.
void evict_in_turn(const store::Cache& cache, store::EvictionRule next) {
  static auto* const all = new Guarded<Evictions>;
  const std::pair key(getpid(), cache.directory());
  if (!all->lock()->insert_or_assign(key, std::move(next)).second)
    return;
  for (;;) {
    std::optional<store::EvictionRule> mine;
    {
      auto evictions = all->lock();
      mine = std::exchange((*evictions)[key], {});
      if (!mine) {
        evictions->erase(key);
        return;
      }
    }
    (void)cache.evict(*mine);
  }
}

// The clip is complete: a failure to record it only affects the cache.
bool record_clip(Job& job) {
  if (job.record.state == RecordState::complete || !job.is_clip_in_entry)
    return false;
  if (job.record.finish_time == 0)
    job.record.finish_time = job.clock.unix_time();
  const auto recorded = job.entry->complete(*job.clip, job.record);
  if (!recorded)
    job.warn(recorded.error());
  return recorded.ok();
}

void keep(Job& job) {
  const bool is_new = job.record.state != RecordState::complete;
  // A clip that is removed when it was delivered is not worth another.
  const bool evicts = record_clip(job) && job.state.lock()->is_to_stay;
  if (evicts)
    job.state.begin_eviction();
  // The entry is released first: a finished reader may remove it (cache-mode=off).
  job.entry.reset();
  job.clip->release_blocks();
  job.state.finish(std::move(job.clip), {job.plan.cache_dir, job.plan.key, job.record.task_id});
  if (evicts) {
    if (const auto most = job.settings().cache_max_size; most > 0)
      evict_in_turn(store::Cache(job.plan.cache_dir), {.max_bytes = most, .keep = job.plan.key});
    store::Ledger(job.plan.cache_dir).fold(job.clock.unix_time());
    job.state.end_eviction();
  }
  if (is_new)
    trim_heap();
}

struct Step {
  Phase phase;
  Status (*run)(Job&);
};
// Run in this order until there is a clip: after the last one there always is.
constexpr auto steps = std::to_array<Step>({
    {Phase::prepare, look_up},
    {Phase::prepare, connect},
    {Phase::submit, settle},
    {Phase::prepare, prepare},
    {Phase::submit, submit},
    {Phase::generate, poll},
    {Phase::download, download},
});

}  // namespace

Status connect(Job& job) {
  const auto& key = job.plan.api_key;
  if (!key)
    return key.error();
  if (!key->warning.empty())
    job.warn({.code = ErrorCode::not_authorized, .text = key->warning, .debug = "key file"});
  const auto& settings = job.settings();
  if (auto checked = check_proxy(job.plan.base_url, settings.proxy, settings.allow_http); !checked)
    return checked;
  auto transport = retry_for_descriptors(job.retry_budget(), job.clock, job.stop, [&] {
    return job.environment.make_transport(
        {.timeout = std::chrono::seconds(settings.timeout),
         .proxy = settings.proxy,
         .tls_database = ObjectPtr<GTlsDatabase>::retain(settings.tls_database.get())});
  });
  if (!transport)
    return std::move(transport).error();
  job.transport = with_spare_descriptors(std::move(transport).value());
  job.service.emplace(*job.transport, job.clock,
                      ServiceOptions{.base_url = job.plan.base_url,
                                     .api_key = key->value,
                                     .auth_scheme = settings.auth_scheme,
                                     .limits = settings});
  return Done{};
}

JobEnvironment system_environment() {
  return {.clock = std::make_shared<SystemClock>(),
          .random = system_random(),
          .make_transport = http::make_transport,
          .is_timed_by_workers = true};
}

JobRun::JobRun(Plan plan, JobState& state, JobEnvironment environment)
    : plan_(std::move(plan)),
      state_(state),
      environment_(std::move(environment)),
      job_(std::in_place, plan_, state_, environment_) {
  if (plan_.has_request)
    state_.edit_stats([&](TaskStats& stats) {
      stats.model = plan_.settings.model;
      stats.cost = plan_.cost;
    });
}

std::optional<Clock::TimePoint> JobRun::proceed() {
  std::optional<Error> error;
  try {
    while (!job_->clip && !error) {
      const auto& [phase, run] = steps.at(step_);
      if (auto done = run_phase(*job_, phase, run); !done)
        error = std::move(done).error();
      else if (const auto when = std::exchange(job_->suspended_until, {}); !when)
        ++step_;
      else if (environment_.is_timed_by_workers)
        return when;
      else
        job_->clock.sleep_until(*when, job_->stop);
    }
    if (!error)
      keep(*job_);
  } catch (const std::exception& exception) {
    error = Error{.code = ErrorCode::failed,
                  .text = _("Internal error in the job."),
                  .debug = exception.what()};
  }
  // With its lock, before a reader learns of the error.
  job_.reset();
  if (error)
    state_.fail(*std::move(error));
  return {};
}

Status run_phase(Job& job, Phase phase, Status (*run)(Job&)) {
  job.phase = phase;
  auto done = run(job);
  return done ? done : explain(std::move(done).error(), job);
}

void Job::start_deadline() {
  if (settings().task_timeout > 0)
    deadline = clock.now() + std::chrono::seconds(settings().task_timeout);
}

Clock::TimePoint Job::after(Clock::Duration how_long) const {
  const auto until = clock.now() + how_long;
  return deadline ? std::min(*deadline, until) : until;
}

bool Job::sleep(Clock::Duration how_long) {
  return clock.sleep_until(after(how_long), stop);
}

void Job::suspend(Clock::Duration how_long) {
  suspended_until = after(how_long);
  transport->rest();
}

void Job::start(std::string text) {
  if (std::exchange(started_, phase) != phase)
    state.start_phase(phase, std::move(text));
}

void Job::warn(Error warning) {
  warning.details.phase = phase;
  state.warn(with_task_details(std::move(warning), record));
}

void Job::count_retry(const Error& why) {
  state.edit_stats([](TaskStats& stats) { ++stats.retries; });
  state.log("Retrying after: " + why.debug);
}

Status save_record(Job& job) {
  if (job.write_error)
    return *job.write_error;
  auto saved = job.entry->save(job.record);
  job.is_recorded = job.is_recorded || saved.ok();
  // Other machines may go on with the task from here on.
  if (saved && job.record.state != RecordState::submitting)
    job.entry->release_claim();
  return saved;
}

Result<bool> announce_record(Job& job) {
  auto announced = job.entry->announce(job.record);
  job.is_recorded = job.is_recorded || (announced && *announced);
  return announced;
}

// A failure to remove the entry is not an error of the job: the remaining entry (its record says
// `submitting` or names a failed task) may need manual removal, but costs no money. Or another
// machine has forgotten the task already, and submits.
void forget_task(Job& job) {
  (void)(job.unknown ? job.entry->save(*job.unknown) : job.entry->give_up());
  job.record.task_id.clear();
}

std::string shown_id(const Record& record) {
  return api::printable(record.task_id, 200);
}

}  // namespace modelverse::job
