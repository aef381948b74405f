// SPDX-License-Identifier: LGPL-2.1-or-later
// Posts a job's updates as messages on the bus. Each PROGRESS START gets exactly one end: without
// it gst-launch waits forever.
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

  // A new run begins.
  void begin();
  // Streaming thread only.
  void post(const job::Updates& updates);
  // Posts ERROR, then ends the open phase.
  void post_error_and_end(const Error& error);
  // Posts CANCELED for the open phase, and no PROGRESS until begin(). Any thread.
  void cancel();

 private:
  void start(const job::PhaseStarted& started);
  void complete(const job::PhaseCompleted& completed);
  void go_on(const job::Progress& progress);
  void change_status(const job::StatusChanged& changed);
  void post_result(const job::ResultKnown& result);
  void warn(const job::Warned& warned);
  void inform(const job::Informed& informed);
  // Ends and returns the open phase if it is `phase` (any phase by default).
  std::optional<Phase> take_open(std::optional<Phase> phase = {});

  GstElement* element_;
  std::string posted_task_;  // streaming thread only
  struct Progress {
    std::optional<Phase> open;
    bool is_cancelled = false;
  };
  Guarded<Progress> progress_;
};

}  // namespace modelverse
