// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests the clip until it is complete.
#include "job/download.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "http/retry_after.h"
#include "job/polling.h"
#include "job/receiver.h"
#include "job/refusal.h"
#include "job/url_rules.h"

namespace modelverse::job {

namespace {

constexpr int max_redirects = 5;
// A response that is not an MP4 may be the login page of a captive portal; more retries would not
// help.
constexpr int max_wrong_types = 3;

constexpr Result<std::shared_ptr<store::Clip>> (*make_temporary[])() = {
    [] { return store::Clip::make_unlinked(""); },
    [] { return store::Clip::make_in_memory(); },
};

class Downloader {
 public:
  Downloader(Context& context, const std::string& link, std::shared_ptr<store::Clip> clip)
      : context_(context),
        link_(sendable_url(link)),
        receiver_(context, std::move(clip)),
        budget_(context.retry_budget()) {}

  Result<std::shared_ptr<store::Clip>> run() {
    for (;;) {
      auto step = once();
      if (std::holds_alternative<Whole>(step))
        return receiver_.clip();
      if (auto* error = std::get_if<Error>(&step)) {
        if (error->details.attempts == 0)
          error->details.attempts = tries_;
        return with_task(std::move(*error), context_.record);
      }
    }
  }

 private:
  struct Whole {};
  struct Again {};
  using Step = std::variant<Whole, Again, Error>;

  Step once() {
    receiver_.prepare();
    // After a crash between the last byte and its record, there is nothing to download.
    if (receiver_.is_whole_from_before())
      return finish();
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
      return judge_own_refusal();
    if (const auto* fault = std::get_if<http::Fault>(&outcome))
      return judge_fault(*fault);
    return judge_response(std::get<http::Response>(outcome));
  }

  // One GET with its redirects. Sends no credentials.
  std::variant<http::Response, http::Fault, Error> fetch() {
    http::Request request;
    request.url = link_;
    request.headers = receiver_.range_headers();
    for (int redirects = 0;; ++redirects) {
      if (const auto allowed = check_result_link(request.url, context_.plan.base_url,
                                                 context_.settings().allow_http);
          !allowed)
        return refused_link(allowed.error());
      auto outcome = context_.transport.exchange(request, receiver_, context_.stop);
      if (auto* fault = std::get_if<http::Fault>(&outcome))
        return std::move(*fault);
      auto& response = std::get<http::Response>(outcome);
      const auto* location = response.header("Location");
      if (response.status < 300 || response.status >= 400 || !location)
        return std::move(response);
      const auto next = resolve_location(request.url, *location);
      const bool leaves_tls =
          next && request.url.starts_with("https:") && !next->starts_with("https:");
      if (!next)
        return redirect_error(response.status, "to a URL that cannot be parsed");
      if (leaves_tls)
        return redirect_error(response.status, "from https to http, which is not followed");
      if (redirects == max_redirects)
        return redirect_error(response.status, "too often");
      request.url = *next;
    }
  }

  Step judge_response(const http::Response& response) {
    const auto status = response.status;
    // Some object stores send 400 or 401 for an expired signature.
    if (status == 400 || status == 401 || status == 403 || status == 404 || status == 410)
      return renew(status);
    if (receiver_.is_misplaced())
      return retry(status_error(status, "The server sent a different range than requested."), {});
    if (status == 416) {
      // The existing bytes are not a part of the file on the server.
      receiver_.ask_for_whole();
      return retry(status_error(status, "The server does not have the requested range."), {});
    }
    if (status == 200 || status == 206)
      return judge_end();
    if (status < 300)
      return judge_wrong_type(status_error(status, "The result is not an MP4 video."));
    if (!is_temporary(status))
      return status_error(status, "The server of the result link refused the download.");
    return retry(status_error(status, "The server of the result link reports a temporary error."),
                 http::retry_after(response, context_.clock.unix_time()));
  }

  Step judge_end() {
    if (receiver_.is_shrunk())
      return judge_shrunk();
    if (!receiver_.is_whole())
      return receiver_.has_progressed()
                 ? Step(Again{})
                 : retry(status_error(206, "The server sent an empty range."), {});
    return finish();
  }

  Step finish() {
    if (receiver_.finish())
      return Whole{};
    return judge_own_refusal();
  }

  // Either the response or the existing bytes are not the clip.
  Step judge_shrunk() {
    auto error = status_error(200, "The clip on the server is shorter than before.");
    if (!receiver_.is_published()) {
      if (const auto emptied = receiver_.start_over(); !emptied)
        return emptied.error();
    }
    return retry(std::move(error), {});
  }

  Step judge_own_refusal() {
    auto error = *receiver_.error();
    error.details.phase = Phase::download;
    if (receiver_.has_disk_failed())
      return leave_the_disk(std::move(error));
    error.debug = describe(call(), error.debug);
    return error.code == ErrorCode::wrong_type ? judge_wrong_type(std::move(error)) : Step(error);
  }

  Step judge_wrong_type(Error error) {
    error.code = ErrorCode::wrong_type;
    // No byte of it may be used as a part of the clip, in this run or the next.
    if (const auto emptied = receiver_.start_over(); !emptied)
      return emptied.error();
    error.details.attempts = ++wrong_types_;
    return wrong_types_ > max_wrong_types ? Step(error) : retry(std::move(error), {});
  }

  Step judge_fault(const http::Fault& fault) {
    if (fault.kind == http::FaultKind::cancelled)
      return cancelled_error(Phase::download);
    auto error = explain_fault(fault, call());
    if (fault.kind == http::FaultKind::tls)
      return error;
    auto step = retry(error, {});
    // After this many repetitions the file is shorter than the server declares.
    if (std::holds_alternative<Error>(step) && fault.kind == http::FaultKind::early_close) {
      error.code = ErrorCode::wrong_type;
      error.text = "The clip on the server is shorter than its declared size.";
      return error;
    }
    return step;
  }

  Step renew(unsigned status) {
    if (std::exchange(has_renewed_, true))
      return status_error(status,
                          "The result link has expired, and a new link is refused too: the service "
                          "may have deleted the clip.");
    context_.count_retry(status_error(status, {}));
    auto link = renew_link(context_);
    if (!link)
      return in_phase(std::move(link).error());
    link_ = sendable_url(link.value());
    return Again{};
  }

  Step retry(Error error, std::optional<std::chrono::seconds> retry_after) {
    const auto wait = budget_.next(retry_after);
    if (!wait)
      return error;
    context_.count_retry(error);
    if (!context_.sleep(*wait))
      return cancelled_error(Phase::download);
    return Again{};
  }

  // After a write error: continues in an unnamed file on another disk or, if that fails too, in
  // memory.
  Step leave_the_disk(Error error) {
    for (; temporaries_ < std::size(make_temporary); ++temporaries_) {
      auto temporary = make_temporary[temporaries_]();
      if (!temporary || !copy_to(*temporary.value()))
        continue;
      ++temporaries_;
      if (!std::exchange(has_left_the_disk_, true)) {
        error.text += " The clip is streamed, but not cached.";
        context_.job_state.warn(std::move(error));
      }
      receiver_.move_to(std::move(temporary).value());
      return Again{};
    }
    return error;
  }

  bool copy_to(store::Clip& target_clip) const {
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

  Error status_error(unsigned status, std::string text) const {
    Error error{.code = ErrorCode::read,
                .text = std::move(text),
                .debug = describe(call(), "HTTP " + std::to_string(status))};
    error.details.phase = Phase::download;
    error.details.http_status = static_cast<int>(status);
    return error;
  }

  Call call() const { return {Phase::download, link_}; }

  Error redirect_error(unsigned status, const char* how) const {
    return status_error(status, std::string("The result link redirects ") + how + ".");
  }

  static Error in_phase(Error error) {
    error.details.phase = Phase::download;
    return error;
  }

  static Error refused_link(Error error) {
    error.debug = "download: " + error.debug;
    return in_phase(std::move(error));
  }

  Context& context_;
  std::string link_;
  Receiver receiver_;
  RetryBudget budget_;
  bool has_renewed_ = false;
  std::size_t temporaries_ = 0;  // that were tried
  bool has_left_the_disk_ = false;
  int tries_ = 0;  // since the last progress
  int wrong_types_ = 0;
};

}  // namespace

Result<std::shared_ptr<store::Clip>> download(Context& context, const std::string& link,
                                              std::shared_ptr<store::Clip> clip) {
  context.deadline.reset();
  return Downloader(context, link, std::move(clip)).run();
}

}  // namespace modelverse::job
