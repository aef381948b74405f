// SPDX-License-Identifier: LGPL-2.1-or-later
// Deadlines as the ready time of one GSource.
#include "http/exchange_watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace modelverse::http {
namespace {

using std::chrono::steady_clock;

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
  constexpr Clock::Duration longest = std::chrono::hours(1);  // then it is looked at again
  const auto left = std::clamp(when - steady_clock::now(), Clock::Duration::zero(), longest);
  return g_get_monotonic_time() + std::chrono::ceil<std::chrono::microseconds>(left).count();
}

}  // namespace

ExchangeWatch::ExchangeWatch(GMainContext* context, Limits limits, std::stop_token stop)
    : context_(context),
      limits_(limits),
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
  else if (silence_ends_ && now >= *silence_ends_)
    interrupt(Interruption::silence);
  else if (answer_ends_ && now >= *answer_ends_)
    interrupt(Interruption::slow_answer);
  return why_ != Interruption::none;
}

void ExchangeWatch::interrupt(Interruption why) {
  if (why_ == Interruption::none)
    why_ = why;
  cut();
}

void ExchangeWatch::cut() {
  if (socket_)
    g_socket_shutdown(socket_.get(), TRUE, TRUE, nullptr);
  g_cancellable_cancel(cancellable_.get());
}

void ExchangeWatch::note_progress() {
  if (limits_.timeout > 0)
    silence_ends_ = steady_clock::now() + std::chrono::seconds(limits_.timeout);
}

void ExchangeWatch::await_answer() {
  if (limits_.timeout > 0)
    answer_ends_ = steady_clock::now() + 2 * std::chrono::seconds(limits_.timeout);
}

void ExchangeWatch::note_head() {
  if (!limits_.is_answer_short)
    answer_ends_.reset();
}

void ExchangeWatch::iterate() {
  auto next = limits_.deadline;
  for (const auto& limit : {silence_ends_, answer_ends_}) {
    if (limit)
      next = next ? std::min(*next, *limit) : *limit;
  }
  // Once interrupted, libsoup's own callback is what is waited for.
  const bool is_armed = next && why_ == Interruption::none;
  g_source_set_ready_time(alarm_.get(), is_armed ? ready_time(*next) : -1);
  g_main_context_iteration(context_, TRUE);
}

}  // namespace modelverse::http
