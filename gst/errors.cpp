// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps ErrorCode to GStreamer's error domains and codes.
#include "errors.h"

#include <string>

#include "structures.h"

GST_DEBUG_CATEGORY_EXTERN(modelverse_debug);

namespace modelverse {

namespace {

struct Code {
  GQuark domain;
  gint code;
};

Code code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::settings:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS};
    case ErrorCode::not_found:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND};
    case ErrorCode::open_read:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ};
    case ErrorCode::not_authorized:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED};
    case ErrorCode::wrong_type:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE};
    case ErrorCode::read:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case ErrorCode::write:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE};
    case ErrorCode::open_write:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE};
    case ErrorCode::too_many_files:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE};
    case ErrorCode::failed:
    case ErrorCode::cancelled:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED};
  }
  return {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED};
}

void set_unless_empty(GstStructure* details, const char* name, const std::string& text) {
  if (!text.empty())
    gst_structure_set(details, name, G_TYPE_STRING, text.c_str(), nullptr);
}

GstStructure* details_of(const ErrorDetails& from) {
  GstStructure* details = gst_structure_new(
      "modelverse-error", "phase", G_TYPE_STRING, phase_name(from.phase), "http-status", G_TYPE_INT,
      from.http_status, "attempts", G_TYPE_INT, from.attempts, nullptr);
  set_unless_empty(details, "error-code", from.error_code);
  set_unless_empty(details, "request-id", from.request_id);
  set_unless_empty(details, "task-id", from.task_id);
  set_unless_empty(details, "resume", from.resume);
  set_cost(details, from.cost);
  return details;
}

// Like GStreamer's macros, but with the error's origin as the source location.
void log(GstElement* element, const Error& error) {
  if (GST_LEVEL_WARNING > _gst_debug_min)
    return;
  const auto& origin = error.origin;
  gst_debug_log(modelverse_debug, GST_LEVEL_WARNING, origin.file, origin.function, origin.line,
                G_OBJECT(element), "%s (%s)", error.text.c_str(), error.debug.c_str());
}

void post(GstElement* element, GstMessageType type, const Error& error) {
  log(element, error);
  const auto code = code_of(error.code);
  const auto& origin = error.origin;
  gst_element_message_full_with_details(
      element, type, code.domain, code.code, g_utf8_make_valid(error.text.c_str(), -1),
      error.debug.empty() ? nullptr : g_utf8_make_valid(error.debug.c_str(), -1), origin.file,
      origin.function, origin.line, details_of(error.details));
}

}  // namespace

void post_error(GstElement* element, const Error& error) {
  post(element, GST_MESSAGE_ERROR, error);
}

void post_warning(GstElement* element, const Error& warning) {
  post(element, GST_MESSAGE_WARNING, warning);
}

}  // namespace modelverse
