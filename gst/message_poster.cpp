// SPDX-License-Identifier: LGPL-2.1-or-later
// Posts PROGRESS and element messages.
#include "message_poster.h"

#include <string>
#include <utility>
#include <variant>

#include "errors.h"
#include "glib/text.h"
#include "structures.h"

GST_DEBUG_CATEGORY_EXTERN(modelverse_debug);
#define GST_CAT_DEFAULT modelverse_debug

namespace modelverse {

namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

void post_progress(GstElement* element, GstProgressType type, Phase phase, const std::string& text,
                   std::optional<int> percent = {}) {
  auto* message =
      gst_message_new_progress(GST_OBJECT(element), type, phase_name(phase), text.c_str());
  // The constructor sets 0 or 100 only.
  if (percent)
    gst_structure_set(gst_message_writable_structure(message), "percent", G_TYPE_INT, *percent,
                      nullptr);
  gst_element_post_message(element, message);
}

}  // namespace

void MessagePoster::post(const job::Updates& updates) {
  for (const auto& event : updates.events) {
    std::visit(Overloaded{[&](const job::PhaseStarted& started) { start(started); },
                          [&](const job::PhaseCompleted& completed) { complete(completed); },
                          [&](const job::StatusChanged& changed) { change_status(changed); },
                          [&](const job::ResultKnown& result) { post_result(result); },
                          [&](const job::Warned& warned) { warn(warned); },
                          [&](const job::Informed& informed) { inform(informed); },
                          [&](const job::Logged& noted) {
                            GST_DEBUG_OBJECT(element_, "%s", noted.text.c_str());
                          }},
               event);
  }
  if (updates.progress)
    go_on(*updates.progress);
}

void MessagePoster::start(const job::PhaseStarted& started) {
  GST_INFO_OBJECT(element_, "%s: %s", phase_name(started.phase), started.text.c_str());
  if (progress_.lock()->is_cancelled)
    return;
  // Opened after the START was posted: a concurrent cancel() must not post the end before it.
  post_progress(element_, GST_PROGRESS_TYPE_START, started.phase, started.text, 0);
  {
    auto progress = progress_.lock();
    progress->open = started.phase;
    if (!progress->is_cancelled)
      return;
  }
  cancel();
}

void MessagePoster::complete(const job::PhaseCompleted& completed) {
  GST_INFO_OBJECT(element_, "%s: %s", phase_name(completed.phase), completed.text.c_str());
  if (take_open(completed.phase))
    post_progress(element_, GST_PROGRESS_TYPE_COMPLETE, completed.phase, completed.text, 100);
}

void MessagePoster::go_on(const job::Progress& progress) {
  // Progress of a phase that has ended meanwhile is dropped.
  if (progress_.lock()->open != progress.phase)
    return;
  GST_DEBUG_OBJECT(element_, "%s, %d %%", progress.text.c_str(), progress.percent);
  post_progress(element_, GST_PROGRESS_TYPE_CONTINUE, progress.phase, progress.text,
                progress.percent);
}

void MessagePoster::change_status(const job::StatusChanged& changed) {
  auto* structure = structure_from_stats(changed.stats, "modelverse/task");
  GST_INFO_OBJECT(element_, "%s: %" GST_PTR_FORMAT, task_status_name(changed.status),
                  static_cast<void*>(structure));
  gst_structure_set(structure, "status", G_TYPE_STRING, task_status_name(changed.status), nullptr);
  gst_element_post_message(element_, gst_message_new_element(GST_OBJECT(element_), structure));
  if (std::exchange(posted_task_, changed.stats.task_id) != changed.stats.task_id)
    g_object_notify(G_OBJECT(element_), "task-id");
  g_object_notify(G_OBJECT(element_), "task-status");
}

void MessagePoster::post_result(const job::ResultKnown& result) {
  auto* structure =
      gst_structure_new("modelverse/result", "count", G_TYPE_UINT, static_cast<guint>(result.count),
                        "url-index", G_TYPE_UINT, result.index, nullptr);
  gst_element_post_message(element_, gst_message_new_element(GST_OBJECT(element_), structure));
}

void MessagePoster::warn(const job::Warned& warned) {
  post_warning(element_, warned.what);
}

void MessagePoster::inform(const job::Informed& informed) {
  // The text is given twice: gst-launch-1.0 (1.22) shows only the second.
  GST_ELEMENT_INFO(element_, RESOURCE, BUSY, ("%s", informed.text.c_str()),
                   ("%s", informed.text.c_str()));
}

void MessagePoster::post_error_and_end(const Error& error) {
  post_error(element_, error);
  if (const auto phase = take_open())
    post_progress(element_, GST_PROGRESS_TYPE_ERROR, *phase, error.text);
}

void MessagePoster::begin() {
  progress_.lock()->is_cancelled = false;
}

void MessagePoster::cancel() {
  progress_.lock()->is_cancelled = true;
  if (const auto phase = take_open())
    post_progress(element_, GST_PROGRESS_TYPE_CANCELED, *phase, _("Cancelled"));
}

std::optional<Phase> MessagePoster::take_open(std::optional<Phase> phase) {
  auto progress = progress_.lock();
  if (!progress->open || (phase && phase != progress->open))
    return std::nullopt;
  return std::exchange(progress->open, std::nullopt);
}

}  // namespace modelverse
