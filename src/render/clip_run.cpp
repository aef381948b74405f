// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the messages of the pipeline.
#include "render/clip_run.h"

#include <utility>

namespace modelverse::render {

namespace {

std::string field(const GstStructure* structure, const char* name) {
  const char* text = structure ? gst_structure_get_string(structure, name) : nullptr;
  return text ? text : "";
}

Event progress_of(GstMessage* message) {
  char* code = nullptr;
  char* text = nullptr;
  gst_message_parse_progress(message, nullptr, &code, &text);
  const CharPtr code_owner(code), text_owner(text);
  Event progress = {.kind = Event::Kind::progress, .text = text, .phase = code};
  gst_structure_get_int(gst_message_get_structure(message), "percent", &progress.percent);
  return progress;
}

Event warning_of(GstMessage* message) {
  ErrorSlot error;
  gst_message_parse_warning(message, error.out(), nullptr);
  return {.kind = Event::Kind::warning, .text = error.message()};
}

FailureKind kind_of(const GError* error, bool has_task, bool is_of_task) {
  if (error->domain == GST_STREAM_ERROR)
    return error->code != GST_STREAM_ERROR_FAILED ? FailureKind::request
           : is_of_task                           ? FailureKind::task_failed
                                                  : FailureKind::request;
  if (error->domain != GST_RESOURCE_ERROR)
    return FailureKind::other;
  switch (error->code) {
    case GST_RESOURCE_ERROR_WRITE:
      return FailureKind::unknown_submit;
    case GST_RESOURCE_ERROR_SETTINGS:
      return FailureKind::request;
    case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
      return FailureKind::authorization;
    case GST_RESOURCE_ERROR_NOT_FOUND:
      return has_task && is_of_task ? FailureKind::task_missing : FailureKind::service;
    case GST_RESOURCE_ERROR_READ:
    case GST_RESOURCE_ERROR_OPEN_READ:
      return FailureKind::service;
    default:
      return FailureKind::other;
  }
}

Failure failure_of(GstMessage* message) {
  ErrorSlot error;
  const GstStructure* details = nullptr;
  gst_message_parse_error(message, error.out(), nullptr);
  gst_message_parse_error_details(message, &details);
  const auto resume = field(details, "resume");
  const bool is_of_task = field(details, "phase") == "generate";
  return {error.message(), resume, kind_of(error.get(), !resume.empty(), is_of_task)};
}

}  // namespace

ClipRun::ClipRun(ElementPtr source, ClipEvents events)
    : source_(std::move(source)), pipeline_(gst_pipeline_new(nullptr)), events_(std::move(events)) {
  auto* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "sync", FALSE, "enable-last-sample", FALSE, nullptr);
  gst_bin_add_many(GST_BIN(pipeline_.get()), source_.get(), sink, nullptr);
  gst_element_link(source_.get(), sink);
  watch_ = gst_bus_add_watch(pipeline_.bus().get(), on_message, this);
}

ClipRun::~ClipRun() {
  if (watch_ > 0)
    g_source_remove(watch_);
  pipeline_.stop();
}

void ClipRun::start() {
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

unsigned ClipRun::retries() const {
  GstStructure* stats = nullptr;
  g_object_get(source_.get(), "stats", &stats, nullptr);
  unsigned retries = 0;
  gst_structure_get_uint(stats, "retries", &retries);
  gst_structure_free(stats);
  return retries;
}

gboolean ClipRun::on_message(GstBus*, GstMessage* message, gpointer self) {
  static_cast<ClipRun*>(self)->handle(message);
  return G_SOURCE_CONTINUE;
}

void ClipRun::handle(GstMessage* message) {
  if (is_over_)
    return;
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_PROGRESS:
      return events_.on_event(progress_of(message));
    case GST_MESSAGE_WARNING:
      return events_.on_event(warning_of(message));
    case GST_MESSAGE_ELEMENT:
      return handle_task(gst_message_get_structure(message));
    case GST_MESSAGE_EOS:
      is_over_ = true;
      return events_.on_end({});
    case GST_MESSAGE_ERROR:
      is_over_ = true;
      return events_.on_end(failure_of(message));
    default:
      return;
  }
}

void ClipRun::handle_task(const GstStructure* task) {
  const auto id = field(task, "task-id");
  if (!gst_structure_has_name(task, "modelverse/task") || id.empty() || is_accepted_)
    return;
  is_accepted_ = true;
  events_.on_accepted(id);
}

}  // namespace modelverse::render
