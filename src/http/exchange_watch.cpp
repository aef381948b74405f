// SPDX-License-Identifier: LGPL-2.1-or-later
// All deadlines are the ready time of one GSource.
#include "http/exchange_watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace modelverse::http {
namespace {

using std::chrono::steady_clock;

// A cancelled exchange ends within a few iterations of the main context, or never.
constexpr auto grace = std::chrono::seconds(2);

gboolean on_alarm(GSource* source, GSourceFunc, gpointer) {
  g_source_set_ready_time(source, -1);
  return G_SOURCE_CONTINUE;
}

GSourceFuncs alarm_funcs = {nullptr, nullptr, on_alarm, nullptr, nullptr, nullptr};

SourcePtr make_alarm(GMainContext* context) {
  SourcePtr alarm(g_source_new(&alarm_funcs, sizeof(GSource)));
  g_source_attach(alarm.get(), context);
  return alarm;
}

gint64 ready_time(Clock::TimePoint when) {
  constexpr Clock::Duration longest = std::chrono::hours(1);  // then checked again
  const auto left = std::clamp(when - steady_clock::now(), Clock::Duration::zero(), longest);
  return g_get_monotonic_time() + std::chrono::ceil<std::chrono::microseconds>(left).count();
}

}  // namespace

ExchangeWatch::ExchangeWatch(GMainContext* context, Limits limits, std::stop_token stop)
    : context_(context),
      limits_(std::move(limits)),
      stop_(std::move(stop)),
      cancellable_(ObjectPtr<GCancellable>::adopt(g_cancellable_new())),
      alarm_(make_alarm(context)) {
  note_progress();
}

bool ExchangeWatch::is_interrupted() {
  if (why_ != Interruption::none)
    return true;
  const auto now = steady_clock::now();
  if (stop_.stop_requested())
    interrupt(Interruption::stop);
  else if (limits_.deadline && now >= *limits_.deadline)
    interrupt(Interruption::deadline);
  else if (is_overdue(now))
    interrupt(silence_ends_ && now >= *silence_ends_ ? Interruption::silence
                                                     : Interruption::slow_response);
  return why_ != Interruption::none;
}

// A peer that sends without pause gets no more iterations than buffered data can need.
bool ExchangeWatch::is_overdue(Clock::TimePoint now) {
  constexpr unsigned most_busy_looks = 64;
  const auto timeout = next_timeout();
  if (!timeout || now < *timeout) {
    busy_looks_ = 0;
    return false;
  }
  return has_idled_ || ++busy_looks_ > most_busy_looks;
}

void ExchangeWatch::interrupt(Interruption why) {
  if (why_ == Interruption::none) {
    why_ = why;
    grace_ends_ = steady_clock::now() + grace;
  }
  cut();
}

bool ExchangeWatch::is_grace_over() const {
  return why_ != Interruption::none && steady_clock::now() >= grace_ends_;
}

void ExchangeWatch::cut() {
  if (socket_)
    g_socket_shutdown(socket_.get(), TRUE, TRUE, nullptr);
  g_cancellable_cancel(cancellable_.get());
}

void ExchangeWatch::note_progress() {
  has_idled_ = false;
  if (limits_.timeout.count() > 0 && !is_response_limited_)
    silence_ends_ = steady_clock::now() + limits_.timeout;
}

void ExchangeWatch::note_request_start() {
  note_progress();
  if (limits_.may_send && !limits_.may_send())
    interrupt(Interruption::stop);
  if (!limits_.response_timeout)
    return;
  is_response_limited_ = true;
  silence_ends_.reset();
  response_ends_ = steady_clock::now() + *limits_.response_timeout;
}

void ExchangeWatch::await_response() {
  note_progress();
  if (limits_.timeout.count() > 0 && !is_response_limited_)
    response_ends_ = steady_clock::now() + 2 * limits_.timeout;
}

void ExchangeWatch::note_headers() {
  if (!limits_.is_response_short && !is_response_limited_)
    response_ends_.reset();
}

std::optional<Clock::TimePoint> ExchangeWatch::next_timeout() const {
  if (!silence_ends_ || !response_ends_)
    return silence_ends_ ? silence_ends_ : response_ends_;
  return std::min(*silence_ends_, *response_ends_);
}

std::optional<Clock::TimePoint> ExchangeWatch::next_wakeup() const {
  if (why_ != Interruption::none)
    return grace_ends_;
  const auto timeout = next_timeout();
  if (!timeout || !limits_.deadline)
    return timeout ? timeout : limits_.deadline;
  return std::min(*timeout, *limits_.deadline);
}

void ExchangeWatch::iterate() {
  const auto timeout = next_timeout();
  const bool may_wait = why_ != Interruption::none || !timeout || steady_clock::now() < *timeout;
  const auto next = next_wakeup();
  g_source_set_ready_time(alarm_.get(), next && may_wait ? ready_time(*next) : -1);
  has_idled_ = !g_main_context_iteration(context_, may_wait) && !may_wait;
}

}  // namespace modelverse::http
