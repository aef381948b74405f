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

}  // namespace

void note_interruptions() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM})
    sigaction(number, &action, nullptr);
}

bool is_interrupted() {
  return interrupted;
}

MessagePtr wait_for_end(const Pipeline& pipeline, GstClockTime deadline) {
  constexpr GstClockTime step = 100 * GST_MSECOND;
  const auto bus = pipeline.bus();
  for (GstClockTime waited = 0; waited < deadline && !is_interrupted(); waited += step) {
    MessagePtr message(gst_bus_timed_pop_filtered(
        bus.get(), step, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (message)
      return message;
  }
  return nullptr;
}

}  // namespace modelverse::render
