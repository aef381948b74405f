// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests the clip until it is complete.
#include "job/download.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "glib/sentences.h"
#include "glib/text.h"
#include "http/retry_after.h"
#include "job/descriptors.h"
#include "job/polling.h"
#include "job/receiver.h"
#include "job/refusal.h"
#include "job/url_rules.h"

namespace modelverse::job {

namespace {

// A response that is not an MP4 may be the login page of a captive portal; more retries would not
// help.
constexpr int max_wrong_types = 3;

// Where the clip is written, in this order, when its file in the entry cannot be: on another disk,
// or in memory.
constexpr Result<std::shared_ptr<store::Clip>> (*make_temporary[])() = {
    store::Clip::make_unlinked,
    [] { return store::Clip::make_in_memory(); },
};

class Downloader {
 public:
  explicit Downloader(Job& job)
      : job_(job),
        link_(sendable_url(job.result_link)),
        receiver_(job),
        budget_(job.retry_budget()) {}

  Status run() {
    if (auto opened = open(); !opened)
      return opened;
    for (;;) {
      auto step = once();
      if (std::holds_alternative<Complete>(step))
        break;
      if (auto* error = std::get_if<Error>(&step)) {
        if (error->details.attempts == 0)
          error->details.attempts = tries_;
        return std::move(*error);
      }
    }
    if (!receiver_.is_published())
      job_.complete(_("The clip is downloaded"));
    job_.clip = receiver_.clip();
    job_.is_clip_in_entry = !has_left_entry_;
    return Done{};
  }

 private:
  struct Complete {};
  struct Again {};
  using Step = std::variant<Complete, Again, Error>;

  Status open() {
    auto partial = retry_for_descriptors(
        job_.retry_budget(), job_.clock, job_.stop, [&]() -> Result<std::shared_ptr<store::Clip>> {
          return job_.write_error ? *job_.write_error : job_.entry->open_partial();
        });
    if (partial)
      receiver_.move_to(std::move(partial).value());
    else if (partial.error().code == ErrorCode::too_many_files)
      return std::move(partial).error();
    else if (auto left = leave_entry(std::move(partial).error());
             auto* error = std::get_if<Error>(&left))
      return std::move(*error);
    return Done{};
  }

  Step once() {
    receiver_.prepare();
    // After a crash between the last byte and its record, there is nothing to download.
    if (receiver_.was_complete_before())
      return finish();
    if (link_.empty())
      return get_link();
    ++tries_;
    auto outcome = fetch();
    if (const auto* error = std::get_if<Error>(&outcome))
      return *error;
    if (receiver_.has_progressed()) {
      tries_ = 1;
      budget_.reset();
      has_renewed_ = false;
    }
    if (receiver_.error())
      return handle_receiver_error();
    if (const auto* fault = std::get_if<http::Fault>(&outcome))
      return handle_fault(*fault);
    return handle_response(std::get<http::HttpResponse>(outcome));
  }

  // One GET with its redirects. Sends no credentials.
  std::variant<http::HttpResponse, http::Fault, Error> fetch() {
    if (const auto allowed = check_link(link_); !allowed)
      return allowed.error();
    http::HttpRequest request;
    request.url = link_;
    request.headers = receiver_.range_headers();
    Status redirected = Done{};
    auto outcome = exchange_with_redirects(
        *job_.transport, std::move(request), receiver_, job_.stop,
        [&](unsigned status, const std::string& from, const std::optional<std::string>& to) {
          redirected = check_redirect(status, from, to);
          return redirected.ok();
        });
    if (!redirected)
      return std::move(redirected).error();
    if (auto* fault = std::get_if<http::Fault>(&outcome))
      return std::move(*fault);
    return std::get<http::HttpResponse>(std::move(outcome));
  }

  Status check_redirect(unsigned status, const std::string& from,
                        const std::optional<std::string>& to) const {
    if (!to)
      return status_error(status, _("The result link redirects to a URL that cannot be parsed."));
    if (from.starts_with("https:") && !to->starts_with("https:"))
      return status_error(
          status, _("The result link redirects from https to http, which is not followed."));
    return check_link(*to);
  }

  Status check_link(const std::string& url) const {
    auto allowed = check_result_link(url, job_.plan.base_url, job_.settings().allow_http);
    if (allowed)
      return allowed;
    auto error = std::move(allowed).error();
    error.debug = "download: " + error.debug;
    return error;
  }

  Step handle_response(const http::HttpResponse& response) {
    const auto status = response.status;
    // Some object stores send 400 or 401 for an expired signature.
    if (status == 400 || status == 401 || status == 403 || status == 404 || status == 410)
      return renew(status);
    if (receiver_.is_range_rejected())
      return retry(status_error(status, _("The server sent a different range than requested.")),
                   {});
    if (status == 416) {
      // The existing bytes are not a part of the file on the server.
      receiver_.request_whole();
      return retry(status_error(status, _("The server does not have the requested range.")), {});
    }
    if (status == 200 || status == 206)
      return handle_end();
    if (status < 300)
      return handle_wrong_type(status_error(status, _("The result is not an MP4 video.")));
    if (status < 400 && response.header("Location"))
      return status_error(status, _("The result link redirects too often."));
    if (!is_temporary(status))
      return status_error(status, _("The server of the result link refused the download."));
    return retry(
        status_error(status, _("The server of the result link reports a temporary error.")),
        http::retry_after(response, job_.clock.unix_time()));
  }

  Step handle_end() {
    if (receiver_.is_shrunk())
      return handle_shrunk();
    if (!receiver_.is_complete())
      return receiver_.has_progressed()
                 ? Step(Again{})
                 : retry(status_error(206, _("The server sent an empty range.")), {});
    return finish();
  }

  Step finish() {
    if (receiver_.finish())
      return Complete{};
    return handle_receiver_error();
  }

  // Either the response or the existing bytes are not the clip.
  Step handle_shrunk() {
    auto error = status_error(200, _("The clip on the server is shorter than before."));
    if (const auto emptied = receiver_.start_over(); !emptied)
      return emptied.error();
    return retry(std::move(error), {});
  }

  Step handle_receiver_error() {
    auto error = *receiver_.error();
    if (receiver_.has_disk_failed())
      return leave_entry(std::move(error));
    error.debug = describe(call(), error.debug);
    return error.code == ErrorCode::wrong_type ? handle_wrong_type(std::move(error)) : Step(error);
  }

  Step handle_wrong_type(Error error) {
    error.code = ErrorCode::wrong_type;
    // No byte of it may be used unseen as a part of the clip, in this run or the next.
    if (const auto emptied = receiver_.start_over(); !emptied)
      return emptied.error();
    error.details.attempts = ++wrong_types_;
    return wrong_types_ > max_wrong_types ? Step(error) : retry(std::move(error), {});
  }

  Step handle_fault(const http::Fault& fault) {
    if (fault.kind == http::FaultKind::cancelled)
      return cancelled_error();
    auto error = explain_fault(fault, call());
    if (fault.kind == http::FaultKind::tls)
      return error;
    auto step = retry(error, {});
    // After this many repetitions the file is shorter than the server declares.
    if (std::holds_alternative<Error>(step) && fault.kind == http::FaultKind::early_close) {
      error.code = ErrorCode::wrong_type;
      error.text = _("The clip on the server is shorter than its declared size.");
      return error;
    }
    return step;
  }

  Step renew(unsigned status) {
    if (std::exchange(has_renewed_, true))
      return status_error(status,
                          _("The result link has expired, and a new link is refused too: the "
                            "service may have deleted the clip."));
    job_.count_retry(status_error(status, {}));
    return get_link();
  }

  Step get_link() {
    if (auto renewed = renew_link(job_); !renewed)
      return std::move(renewed).error();
    link_ = sendable_url(job_.result_link);
    return Again{};
  }

  Step retry(Error error, std::optional<std::chrono::seconds> retry_after) {
    const auto wait = budget_.next(retry_after);
    if (!wait)
      return error;
    job_.count_retry(error);
    if (!job_.sleep(*wait))
      return cancelled_error();
    return Again{};
  }

  // After a write error: continues in the next place that can be written.
  Step leave_entry(Error error) {
    while (temporaries_ < std::size(make_temporary)) {
      auto temporary = make_temporary[temporaries_++]();
      if (!temporary || !copy_to(*temporary.value()))
        continue;
      if (!std::exchange(has_left_entry_, true)) {
        error.text = two_sentences(error.text, _("The clip is streamed, but not cached."));
        job_.warn(std::move(error));
      }
      receiver_.move_to(std::move(temporary).value());
      return Again{};
    }
    return error;
  }

  bool copy_to(store::Clip& target_clip) const {
    if (!receiver_.clip())
      return true;
    const auto& here = *receiver_.clip();
    for (std::uint64_t done = 0; done < here.available();) {
      const auto target = target_clip.space();
      const auto chunk = here.read(done, target.size());
      if (!chunk)
        return false;
      std::copy_n(chunk->data, chunk->size, target.data());
      if (!target_clip.commit(chunk->size))
        return false;
      done += chunk->size;
    }
    return true;
  }

  Error status_error(unsigned status, std::string text,
                     SourceLocation origin = SourceLocation::current()) const {
    Error error{.code = ErrorCode::read,
                .text = std::move(text),
                .debug = describe(call(), "HTTP " + std::to_string(status)),
                .origin = origin};
    error.details.http_status = static_cast<int>(status);
    return error;
  }

  Call call() const { return {Phase::download, link_}; }

  Job& job_;
  std::string link_;
  Receiver receiver_;
  RetryBudget budget_;
  bool has_renewed_ = false;
  std::size_t temporaries_ = 0;  // that were tried
  bool has_left_entry_ = false;
  int tries_ = 0;  // since the last progress
  int wrong_types_ = 0;
};

}  // namespace

Status download(Job& job) {
  job.deadline.reset();
  job.start(_("Downloading the clip"));
  return Downloader(job).run();
}

}  // namespace modelverse::job
