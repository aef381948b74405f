// SPDX-License-Identifier: LGPL-2.1-or-later
// One pipeline that makes one clip.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "render/handles.h"
#include "render/report.h"

namespace modelverse::render {

enum class FailureKind {
  other,           // on this machine
  request,         // the list or the limits, or refused content
  authorization,   // the key, its account
  service,         // cannot be reached, or has a temporary error
  unknown_submit,  // may have been accepted
  task_failed,     // the service ended it without a clip
  task_missing,    // the service does not have it
};

struct Failure {
  std::string text;
  // The property that lets the task be fetched, such as "task-id=abc"; or empty.
  std::string resume = {};
  FailureKind kind = FailureKind::other;
};

// Called on the thread of the default main context.
struct ClipEvents {
  std::function<void(Event)> on_event;  // progress or warning, without the shot
  std::function<void(const std::string& task_id)> on_accepted;
  std::function<void(std::optional<Failure>)> on_end;  // nothing: the clip is there
};

// `modelversesrc ! fakesink`: the element keeps the clip in its cache. Ends its pipeline when it is
// destroyed, but not from within one of its callbacks.
class ClipRun {
 public:
  // Takes the element over.
  ClipRun(ElementPtr source, ClipEvents events);
  ~ClipRun();
  ClipRun(const ClipRun&) = delete;
  ClipRun& operator=(const ClipRun&) = delete;

  void start();
  // Submits that were not accepted and are repeated.
  unsigned retries() const;

 private:
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  void handle(GstMessage* message);
  void handle_task(const GstStructure* task);

  ElementPtr source_;
  Pipeline pipeline_;
  ClipEvents events_;
  guint watch_ = 0;
  bool is_accepted_ = false;
  bool is_over_ = false;
};

}  // namespace modelverse::render
