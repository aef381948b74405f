// SPDX-License-Identifier: LGPL-2.1-or-later
// Look up, submit, poll, download.
#include "job/job.h"

#include <exception>
#include <utility>

#include "http/module.h"
#include "job/cache_location.h"
#include "job/context.h"
#include "job/descriptors.h"
#include "job/download.h"
#include "job/look_up.h"
#include "job/polling.h"
#include "job/submission.h"

namespace modelverse::job {

namespace {

class Job {
 public:
  Job(Plan& plan, JobState& job_state, const JobEnvironment& environment)
      : plan_(plan),
        job_state_(job_state),
        environment_(environment),
        stop_(job_state.stop_token()) {}

  Status run() {
    auto found = find();
    if (found && !found->clip && !(pass_ = job_gate().try_enter()))
      found = wait_for_turn();
    if (!found)
      return std::move(found).error();
    if (found->record.state != RecordState::submitting)
      plan_.drop_picture();
    log_found(*found);
    if (found->clip) {
      job_state_.edit_stats([](TaskStats& stats) { stats.cache_hit = true; });
      job_state_.set_status(TaskStatus::success);
      serve(std::move(found->clip), found->record.task_id);
      return Done{};
    }
    return work(std::move(found).value());
  }

 private:
  Result<Found> find() {
    return retry_for_descriptors(retry_budget(plan_.settings, environment_.random),
                                 *environment_.clock, stop_, [this] { return find_once(); });
  }

  Result<Found> find_once() {
    location_ = {};
    auto location = find_cache_location(plan_, job_state_, *environment_.clock, stop_);
    if (!location)
      return std::move(location).error();
    location_ = std::move(location).value();
    const auto task = finished_task(*location_.entry);
    // A clip that was made while this job waited is as new as can be, however often it looks.
    is_fresh_ = is_fresh_ || location_.is_fresh ||
                (task_before_turn_ && !task.empty() && task != *task_before_turn_);
    location_.is_fresh = is_fresh_;
    return look_up(plan_, job_state_, location_);
  }

  // A waiting job has no open file, so it holds no lock: another process may change the entry, and
  // it is looked up again.
  Result<Found> wait_for_turn() {
    task_before_turn_ = finished_task(*location_.entry);
    location_ = {};
    pass_ = job_gate().enter(stop_, [this] {
      job_state_.inform("Waiting for another job to end: the limit of " +
                        store::open_files_limit() +
                        " open files (ulimit -n) allows no further job now.");
    });
    if (!pass_)
      return cancelled_error(Phase::prepare);
    return find();
  }

  // Logs why the job submits or not.
  void log_found(const Found& found) {
    const auto what = found.clip                          ? "the clip is cached"
                      : !found.record.external_id.empty() ? "querying its submit"
                      : found.record.task_id.empty()      ? "empty, making a new task"
                                                          : "resuming its task";
    job_state_.log("Entry " + plan_.key.substr(0, shown_key) + " in " + location_.cache_dir + ": " +
                   what);
  }

  Result<std::unique_ptr<http::Transport>> open_transport() {
    const auto& settings = plan_.settings;
    auto transport = retry_for_descriptors(
        retry_budget(settings, environment_.random), *environment_.clock, stop_, [&] {
          return environment_.make_transport(
              {.timeout = std::chrono::seconds(settings.timeout),
               .proxy = settings.proxy,
               .tls_database = ObjectPtr<GTlsDatabase>::retain(plan_.settings.tls_database.get())});
        });
    if (!transport)
      return transport;
    return with_spare_descriptors(std::move(transport).value());
  }

  Status work(Found found) {
    const auto& key = plan_.api_key();
    if (!key)
      return with_details(key.error(), found.record);
    if (!key->warning.empty())
      job_state_.warn(
          {.code = ErrorCode::not_authorized, .text = key->warning, .debug = "key file"});
    const auto& settings = plan_.settings;
    auto transport = open_transport();
    if (!transport)
      return with_details(std::move(transport).error(), found.record);
    Service service(
        **transport, *environment_.clock,
        {.base_url = plan_.base_url, .api_key = key->value, .auth_scheme = settings.auth_scheme});
    Context context{.plan = plan_,
                    .job_state = job_state_,
                    .clock = *environment_.clock,
                    .random = environment_.random,
                    .transport = **transport,
                    .service = service,
                    .location = location_,
                    .record = std::move(found.record),
                    .unknown = std::move(found.unknown),
                    .stop = stop_,
                    .is_written_down = found.is_written_down};
    return make_clip(context);
  }

  Status make_clip(Context& context) {
    if (context.record.state == RecordState::submitting) {
      if (auto submitted = submit(context); !submitted)
        return submitted;
    }
    context.start_deadline();
    job_state_.start_phase(Phase::generate, "Waiting for the clip to be generated");
    job_state_.set_status(TaskStatus::pending);
    if (stop_.stop_requested())
      return cancelled_error(Phase::generate);
    auto link = wait_for_result(context);
    if (!link)
      return std::move(link).error();
    job_state_.complete_phase(Phase::generate, "The clip is generated");
    job_state_.start_phase(Phase::download, "Downloading the clip");
    return fetch(context, link.value());
  }

  Status fetch(Context& context, const std::string& link) {
    auto partial = open_partial(context);
    if (!partial) {
      auto error = std::move(partial).error();
      error.details.phase = Phase::download;
      return with_task(std::move(error), context.record);
    }
    auto clip = download(context, link, partial.value());
    if (!clip)
      return std::move(clip).error();
    if (!job_state_.is_published())
      job_state_.complete_phase(Phase::download, "The clip is downloaded");
    const bool is_recorded =
        is_kept_ && clip.value() == partial.value() && keep(context, *clip.value());
    // One that is removed when it was delivered is not worth another.
    const bool evicts = is_recorded && job_state_.lock()->is_to_stay;
    if (evicts)
      job_state_.begin_eviction();
    serve(std::move(clip).value(), context.record.task_id);
    if (evicts) {
      (void)store::Cache(location_.cache_dir).evict(plan_.settings.cache_max_size, plan_.key);
      job_state_.end_eviction();
    }
    return Done{};
  }

  Result<std::shared_ptr<store::Clip>> open_partial(Context& context) {
    auto partial = retry_for_descriptors(
        context.retry_budget(), *environment_.clock, stop_,
        [&]() -> Result<std::shared_ptr<store::Clip>> {
          return location_.write_error ? *location_.write_error : location_.entry->open_partial();
        });
    is_kept_ = partial.ok();
    if (partial || partial.error().code == ErrorCode::too_many_files)
      return partial;
    auto warning = std::move(partial).error();
    warning.text += " The clip is streamed, but not cached.";
    job_state_.warn(std::move(warning));
    auto unlinked = store::Clip::make_unlinked("");
    return unlinked ? std::move(unlinked) : store::Clip::make_in_memory();
  }

  // The entry is released first: a finished reader may remove it (cache-mode=off).
  void serve(std::shared_ptr<store::Clip> clip, std::string task_id) {
    location_.entry.reset();
    job_state_.finish(std::move(clip), {location_.cache_dir, plan_.key, std::move(task_id)});
  }

  // A failure here only affects the cache: the clip is complete and is being read.
  bool keep(Context& context, store::Clip& clip) {
    auto& record = context.record;
    if (record.finish_time == 0)
      record.finish_time = environment_.clock->unix_time();
    if (const auto completed = location_.entry->complete(clip, record); !completed) {
      job_state_.warn(completed.error());
      return false;
    }
    return true;
  }

  Plan& plan_;
  JobState& job_state_;
  const JobEnvironment& environment_;
  std::stop_token stop_;
  std::optional<Gate::Pass> pass_;  // released after everything else is closed
  CacheLocation location_;
  std::optional<std::string> task_before_turn_;  // of the finished clip, before the job gate
  bool is_fresh_ = false;  // the clip in the entry was made while this job waited
  bool is_kept_ = false;   // what is downloaded goes into the entry
};

Error with_model(Error error, const Plan& plan) {
  if (error.code == ErrorCode::not_authorized && plan.request)
    error.debug += " (model " + plan.request->model + ")";
  return error;
}

}  // namespace

JobEnvironment system_environment() {
  return {.clock = std::make_shared<SystemClock>(),
          .random = system_random(),
          .make_transport = http::make_transport};
}

void run_job(Plan plan, JobState& job_state, const JobEnvironment& environment) {
  job_state.edit_stats(
      [&](TaskStats& stats) { stats.model = plan.request ? plan.request->model : std::string(); });
  try {
    auto end = Job(plan, job_state, environment).run();
    if (!end)
      job_state.fail(with_model(std::move(end).error(), plan));
  } catch (const std::exception& exception) {
    job_state.fail({.code = ErrorCode::failed,
                    .text = "Internal error in the job.",
                    .debug = exception.what()});
  }
  auto state = job_state.lock();
  state->has_ended = true;
  state.notify_all();
}

}  // namespace modelverse::job
