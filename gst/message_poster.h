// SPDX-License-Identifier: LGPL-2.1-or-later
// A job's news as messages on the bus. Keeps the promise that each PROGRESS START has its one end,
// without which gst-launch waits for ever.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>

#include "core/guarded.h"
#include "job/reader.h"

namespace modelverse {

class MessagePoster {
 public:
  explicit MessagePoster(GstElement* element) : element_(element) {}

  // From the streaming thread.
  void post(const job::News& news);
  // ERROR, then the end of the phase under way.
  void post_error_and_end(const Error& error);
  // The phase under way will not be heard of again: CANCELED. From any thread.
  void cancel();

 private:
  void start(const job::PhaseStarted& started);
  void complete(const job::PhaseCompleted& completed);
  void go_on(const job::Progress& progress);
  void change_status(const job::StatusChanged& changed);
  void post_result(const job::ResultKnown& result);
  void warn(const job::Warned& warned);
  void inform(const job::Informed& informed);
  // Ends the open phase where it is `phase` (or whichever it is); false when there is none.
  std::optional<Phase> take_open(std::optional<Phase> phase = {});

  GstElement* element_;
  std::string posted_task_;  // the streaming thread's
  Guarded<std::optional<Phase>> open_;
};

}  // namespace modelverse
