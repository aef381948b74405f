// SPDX-License-Identifier: LGPL-2.1-or-later
// A signal handler that sets a flag. GLib's sources are not dispatched while the main loop is busy.
#include "render/interruption.h"

#include <atomic>
#include <csignal>

namespace modelverse::render {

namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_signal(int number) {
  if (!interrupted.exchange(true))
    return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

bool is_ignored(int number) {
  struct sigaction action = {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void note_interruptions() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(number))
      sigaction(number, &action, nullptr);
  // A write to a pipe without a reader fails instead: a submit in flight must not be cut off.
  std::signal(SIGPIPE, SIG_IGN);
}

void interrupt() {
  interrupted = true;
}

bool is_interrupted() {
  return interrupted;
}

MessagePtr wait_for(const Pipeline& pipeline, int types, GstClockTime deadline) {
  const auto bus = pipeline.bus();
  for (GstClockTime waited = 0; waited < deadline && !is_interrupted();
       waited += interruption_step) {
    MessagePtr message(gst_bus_timed_pop_filtered(bus.get(), interruption_step,
                                                  static_cast<GstMessageType>(types)));
    if (message)
      return message;
  }
  return nullptr;
}

MessagePtr wait_for_end(const Pipeline& pipeline, GstClockTime deadline) {
  return wait_for(pipeline, GST_MESSAGE_EOS | GST_MESSAGE_ERROR, deadline);
}

}  // namespace modelverse::render
