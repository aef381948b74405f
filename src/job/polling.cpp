// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides what each response of the status route means.
#include "job/polling.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <variant>

#include "api/wire.h"
#include "glib/text.h"
#include "job/budget.h"
#include "job/estimate.h"
#include "job/refusal.h"
#include "store/task_times.h"

namespace modelverse::job {

namespace {

// Number of unusable responses (permanent refusals, or Success without a link) before the error is
// reported.
constexpr int max_refusals = 3;

Error response_error(const ApiResponse& response, std::string text, const std::string& why,
                     const Call& call, SourceLocation origin = SourceLocation::current()) {
  Error error{.code = ErrorCode::read,
              .text = std::move(text),
              .debug = describe(call, why),
              .origin = origin};
  error.details.http_status = static_cast<int>(response.status);
  return error;
}

std::string wrong_index_text(unsigned index, std::size_t count) {
  return format_text(
      g_dngettext(GETTEXT_PACKAGE,
                  "url-index is %u, but the result has %d clip. Set a lower url-index.",
                  "url-index is %u, but the result has %d clips, counted from 0. Set a lower "
                  "url-index.",
                  count),
      index, static_cast<int>(count));
}

// Only the task's own status reports a failed task; a refused poll does not.
Error poll_refusal(const ApiResponse& response, const api::ServiceError& said, const Call& call,
                   SourceLocation origin = SourceLocation::current()) {
  auto error = explain_refusal(response, said, call, origin);
  if (error.code == ErrorCode::failed || is_temporary(response.status))
    error.code = ErrorCode::read;
  return error;
}

}  // namespace

class Poller {
 public:
  struct Again {
    Clock::Duration wait;
  };
  using Step = std::variant<std::string, Again, Error>;  // the link, or poll again, or the end

  explicit Poller(Job& job)
      : job_(job),
        budget_(job.retry_budget()),
        call_(status_call(job.plan.base_url)),
        begun_(job.clock.now()) {
    const auto since = job.record.submit_time;
    if (!job.is_submitted_now && since > 0)
      waited_before_ = std::max<std::int64_t>(job.clock.unix_time() - since, 0);
  }

  // Until the next poll.
  Clock::Duration wait() {
    const std::chrono::milliseconds interval(job_.settings().poll_interval);
    if (interval.count() > 0)
      return fixed_wait(interval, polls_, job_.random);
    return automatic_wait(task_times(), elapsed_seconds());
  }

  // Sends one poll.
  Step poll() {
    ++tries_;
    auto step = poll_once();
    if (auto* error = std::get_if<Error>(&step))
      error->details.attempts = tries_;
    return step;
  }

 private:
  Step poll_once() {
    auto reply = job_.service->status(job_.record.task_id, job_.deadline, job_.stop);
    ++polls_;
    job_.state.edit_stats([](TaskStats& stats) { ++stats.polls; });
    if (const auto* fault = std::get_if<http::Fault>(&reply)) {
      if (fault->kind == http::FaultKind::cancelled)
        return cancelled_error();
      auto error = explain_fault(*fault, call_);
      if (fault->kind == http::FaultKind::tls)
        return error;
      return retry(std::move(error));
    }
    return handle(std::get<ApiResponse>(reply));
  }

  Step handle(const ApiResponse& response) {
    const char* const unreadable = _("The service's status responses cannot be parsed.");
    if (response.too_large)
      return retry(
          response_error(response, unreadable, "the response is larger than 1 MiB", call_));
    if (!response.is_good())
      return handle_refusal(response, api::decode_error(response.body));
    const auto decoded = api::decode_status(response.body);
    if (const auto* problem = std::get_if<api::Unreadable>(&decoded))
      return retry(response_error(response, unreadable, problem->why, call_));
    if (const auto* said = std::get_if<api::ServiceError>(&decoded)) {
      if (is_task_unknown(response, *said))
        return handle_unknown_task(poll_refusal(response, *said, call_));
      return retry(poll_refusal(response, *said, call_), response.retry_after);
    }
    return handle_report(response, std::get<TaskReport>(decoded));
  }

  Step handle_report(const ApiResponse& response, const TaskReport& report) {
    budget_.reset();
    refusals_in_a_row_ = 0;
    update_task(report);
    if (report.status == TaskStatus::failure) {
      auto error = explain_failure(response, report, call_);
      error.details.task_id = job_.record.task_id;
      error.details.request_id = job_.record.request_id;
      return error;
    }
    if (report.status == TaskStatus::success)
      return handle_success(response, report);
    report_progress(report);
    tries_ = 0;
    return Again{wait()};
  }

  Step handle_success(const ApiResponse& response, const TaskReport& report) {
    const auto index = job_.settings().url_index;
    const auto count = report.urls.size();
    job_.state.set_result(count, index);
    if (index < count && !report.urls[index].empty())
      return report.urls[index];
    const bool is_index_wrong = index >= count && count > 0;
    auto error =
        response_error(response,
                       is_index_wrong ? wrong_index_text(index, count)
                                      : _("The service reports success, but gives no result link."),
                       "urls has " + std::to_string(count) + " members", call_);
    if (is_index_wrong)
      error.code = ErrorCode::settings;
    if (++empty_successes_ > max_refusals)
      return error;
    job_.count_retry(error);
    return Again{wait()};
  }

  Step handle_refusal(const ApiResponse& response, const api::ServiceError& said) {
    auto error = poll_refusal(response, said, call_);
    if (is_temporary(response.status))
      return retry(std::move(error), response.retry_after);
    if (response.status == 401 || response.status == 403)
      return error;
    if (is_task_unknown(response, said))
      return handle_unknown_task(std::move(error));
    return poll_again(std::move(error));
  }

  Step handle_unknown_task(Error error) {
    error.code = ErrorCode::not_found;
    error.text = format_text(_("The service does not have the task %s (any more). Check base-url "
                               "and the account of the API key."),
                             shown_id(job_.record).c_str());
    return poll_again(std::move(error));
  }

  Step poll_again(Error error) {
    if (++refusals_in_a_row_ >= max_refusals)
      return error;
    job_.count_retry(error);
    return Again{wait()};
  }

  Step retry(Error error, std::optional<std::chrono::seconds> retry_after = {}) {
    refusals_in_a_row_ = 0;
    const auto wait = budget_.next(retry_after);
    if (!wait)
      return error;
    job_.count_retry(error);
    return Again{*wait};
  }

  std::string unknown_status_text(const TaskReport& report) const {
    const char* const status = report.status_text.c_str();
    if (report.status == TaskStatus::success)
      return format_text(_("The service reports an unknown status (%s). The response has a result "
                           "link, which is downloaded."),
                         status);
    if (const auto limit = job_.settings().task_timeout; limit > 0)
      return format_text(_("The service reports an unknown status (%s). The task is treated as "
                           "running. The element gives up after task-timeout (%u s) and keeps the "
                           "task."),
                         status, limit);
    return format_text(_("The service reports an unknown status (%s). The task is treated as "
                         "running. The element waits forever (task-timeout is 0)."),
                       status);
  }

  void update_task(const TaskReport& report) {
    auto& record = job_.record;
    TaskInfo news = report;
    news.task_id.clear();  // the response to a query by another id may name that one
    record.update(news);
    job_.state.set_task(record);
    job_.state.set_status(report.status);
    if (report.is_documented || !warned_of_.insert(report.status_text).second)
      return;
    job_.warn({.code = ErrorCode::read,
               .text = unknown_status_text(report),
               .debug = describe(call_, "task_status " + report.status_text)});
  }

  void report_progress(const TaskReport& report) {
    const auto elapsed = static_cast<std::int64_t>(elapsed_seconds());
    const auto usual = static_cast<int>(std::lround(task_times().median));
    const auto status = !report.is_documented                  ? report.status_text
                        : report.status == TaskStatus::pending ? _("Pending")
                                                               : _("Running");
    job_.state.report_progress(Phase::generate, generation_percent(elapsed, usual),
                               generation_text(status, elapsed, usual));
  }

  double elapsed_seconds() const {
    const std::chrono::duration<double> here = job_.clock.now() - begun_;
    return static_cast<double>(waited_before_) + here.count();
  }

  // Learned from the user's earlier tasks, else from the model's row.
  const TaskTimes& task_times() {
    if (task_times_)
      return *task_times_;
    const auto& plan = job_.plan;
    const auto typical = api::usual_generation_seconds(*plan.profile, plan.settings);
    task_times_ = expect_task_times(store::read_task_times(plan.cache_dir, job_.record),
                                    std::max(typical, 1));
    return *task_times_;
  }

  Job& job_;
  RetryBudget budget_;
  const Call call_;
  unsigned polls_ = 0;
  int tries_ = 0;  // since the last usable response
  int refusals_in_a_row_ = 0;
  int empty_successes_ = 0;
  // Steady clock from here on, independent of clock differences between service and machine.
  Clock::TimePoint begun_;
  std::int64_t waited_before_ = 0;  // seconds, in earlier runs
  std::optional<TaskTimes> task_times_;
  std::set<std::string> warned_of_;
};

namespace {

Error overdue(const Job& job) {
  return {.code = ErrorCode::read,
          .text = format_text(_("The clip was not ready within task-timeout (%u s). The task may "
                                "still finish and is billed."),
                              job.settings().task_timeout),
          .debug = "generate: task-timeout"};
}

// One poll, after the wait for it.
Poller::Step poll_in_time(Job& job, Poller& poller) {
  if (job.stop.stop_requested())
    return cancelled_error();
  if (job.is_overdue())
    return overdue(job);
  if (const auto held = job.service->held(job.random); held > Clock::Duration::zero())
    return Poller::Again{held};
  // The disk may have space again since the task was accepted.
  if (!job.is_recorded)
    (void)save_record(job);
  auto step = poller.poll();
  const auto* error = std::get_if<Error>(&step);
  // An error of a request that the deadline itself interrupted is reported as the deadline.
  if (error && error->code != ErrorCode::cancelled && error->code != ErrorCode::failed &&
      job.is_overdue())
    return overdue(job);
  return step;
}

// The first poll comes at once for a task of an earlier run, which may have finished long ago.
Clock::Duration begin_polls(Job& job) {
  job.start_deadline();
  job.start(_("Waiting for the clip to be generated"));
  job.state.set_status(TaskStatus::pending);
  job.poller = std::make_shared<Poller>(job);
  return job.is_submitted_now ? job.poller->wait() : Clock::Duration();
}

}  // namespace

Status poll(Job& job) {
  if (!job.poller && job.entry->is_downloaded(job.record))
    return Done{};
  auto step = job.poller ? poll_in_time(job, *job.poller) : Poller::Again{begin_polls(job)};
  if (const auto* again = std::get_if<Poller::Again>(&step)) {
    job.suspend(again->wait);
    return Done{};
  }
  job.poller.reset();
  auto* error = std::get_if<Error>(&step);
  // A task that was named for a submit of unknown outcome is that submit's if it has a clip.
  if (!error || !job.unknown)
    note_task(job);
  if (error) {
    // A named task that the service does not have is not that of the unknown submit. One that was
    // submitted now is paid for: the service may only be late.
    const bool is_mistaken =
        job.unknown && !job.is_submitted_now && error->code == ErrorCode::not_found;
    if (error->code == ErrorCode::failed || is_mistaken)
      forget_task(job);
    return std::move(*error);
  }
  store::add_task_time(job.plan.cache_dir, job.record);
  job.result_link = std::get<std::string>(std::move(step));
  job.complete(_("The clip is generated"));
  return Done{};
}

Status renew_link(Job& job) {
  // Limits the polls if the service no longer reports Success.
  job.start_deadline();
  Poller poller(job);
  Poller::Step step = Poller::Again{};
  while (const auto* again = std::get_if<Poller::Again>(&step))
    step = job.sleep(again->wait) ? poll_in_time(job, poller) : cancelled_error();
  job.deadline.reset();
  if (auto* error = std::get_if<Error>(&step))
    return std::move(*error);
  job.result_link = std::get<std::string>(std::move(step));
  return Done{};
}

}  // namespace modelverse::job
