// SPDX-License-Identifier: LGPL-2.1-or-later
// Waiting on a bus and taking messages apart.
#include "support/pipeline.h"

#include <gtest/gtest.h>

namespace test_support {

namespace {

ErrorSeen read_error(GstMessage* message, bool is_warning) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  const GstStructure* details = nullptr;
  if (is_warning) {
    gst_message_parse_warning(message, &error, &debug);
    gst_message_parse_warning_details(message, &details);
  } else {
    gst_message_parse_error(message, &error, &debug);
    gst_message_parse_error_details(message, &details);
  }
  const auto field = [&](const char* name) {
    const char* text = details ? gst_structure_get_string(details, name) : nullptr;
    return std::string(text ? text : "");
  };
  ErrorSeen seen{.domain = error->domain,
                 .code = error->code,
                 .text = error->message,
                 .debug = debug ? debug : "",
                 .phase = field("phase"),
                 .resume = field("resume"),
                 .task_id = field("task-id"),
                 .error_code = field("error-code"),
                 .request_id = field("request-id")};
  if (details) {
    gst_structure_get_int(details, "http-status", &seen.http_status);
    gst_structure_get_int(details, "attempts", &seen.attempts);
  }
  g_clear_error(&error);
  g_free(debug);
  return seen;
}

}  // namespace

bool is_progress(GstMessage* message, const std::string& code, GstProgressType type) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_PROGRESS)
    return false;
  GstProgressType seen_type = GST_PROGRESS_TYPE_START;
  g_autofree gchar* seen_code = nullptr;
  gst_message_parse_progress(message, &seen_type, &seen_code, nullptr);
  return seen_type == type && code == seen_code;
}

Pipeline::Pipeline(const std::string& description) {
  GError* error = nullptr;
  auto* parsed = gst_parse_launch(description.c_str(), &error);
  if (!parsed || error)
    ADD_FAILURE() << description << ": " << (error ? error->message : "no pipeline");
  g_clear_error(&error);
  if (GST_IS_PIPELINE(parsed)) {
    pipeline_ = parsed;
  } else {
    // A lone element: a pipeline gives it a bus.
    pipeline_ = gst_pipeline_new(nullptr);
    gst_bin_add(GST_BIN(pipeline_), parsed);
  }
  bus_ = gst_element_get_bus(pipeline_);
}

Pipeline::~Pipeline() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  messages_.clear();
  gst_object_unref(bus_);
  gst_object_unref(pipeline_);
}

GstElement* Pipeline::element(const std::string& name) const {
  auto* found = gst_bin_get_by_name(GST_BIN(pipeline_), name.c_str());
  if (!found) {
    ADD_FAILURE() << "no element named " << name;
    return nullptr;
  }
  gst_object_unref(found);
  return found;
}

GstStateChangeReturn Pipeline::set_state(GstState state) {
  return gst_element_set_state(pipeline_, state);
}

const GstMessage* Pipeline::wait_for(const std::function<bool(GstMessage*)>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        deadline - std::chrono::steady_clock::now());
    auto* message = left.count() > 0
                        ? gst_bus_timed_pop(bus_, static_cast<GstClockTime>(left.count()))
                        : nullptr;
    if (!message) {
      ADD_FAILURE() << "the awaited message did not come";
      return nullptr;
    }
    messages_.emplace_back(message);
    if (wanted(message))
      return message;
  }
}

const GstMessage* Pipeline::wait_for(GstMessageType types) {
  // The extended types share bits with the others.
  return wait_for([types](GstMessage* message) {
    return !GST_MESSAGE_TYPE_IS_EXTENDED(message) && (GST_MESSAGE_TYPE(message) & types) != 0;
  });
}

const GstMessage* Pipeline::wait_for_progress(const std::string& code, GstProgressType type) {
  return wait_for([&](GstMessage* message) { return is_progress(message, code, type); });
}

bool Pipeline::run() {
  set_state(GST_STATE_PLAYING);
  return wait_for_end();
}

bool Pipeline::wait_for_end() {
  const auto* end = wait_for(static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  return end && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS;
}

void Pipeline::drain() {
  while (auto* message = gst_bus_pop(bus_))
    messages_.emplace_back(message);
}

unsigned Pipeline::stat(const char* name) const {
  GstStructure* stats = nullptr;
  g_object_get(source(), "stats", &stats, nullptr);
  guint value = 0;
  EXPECT_TRUE(gst_structure_get_uint(stats, name, &value)) << name;
  gst_structure_free(stats);
  return value;
}

std::vector<ProgressSeen> Pipeline::progress() const {
  std::vector<ProgressSeen> seen;
  for (const auto& message : messages_) {
    if (GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_PROGRESS)
      continue;
    GstProgressType type = GST_PROGRESS_TYPE_START;
    gchar* code = nullptr;
    gchar* text = nullptr;
    gst_message_parse_progress(message.get(), &type, &code, &text);
    int percent = -1;
    gst_structure_get_int(gst_message_get_structure(message.get()), "percent", &percent);
    seen.push_back({type, code, text, percent});
    g_free(code);
    g_free(text);
  }
  return seen;
}

std::optional<ErrorSeen> Pipeline::error() const {
  for (const auto& message : messages_) {
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR)
      return read_error(message.get(), false);
  }
  return std::nullopt;
}

std::vector<ErrorSeen> Pipeline::warnings() const {
  std::vector<ErrorSeen> seen;
  for (const auto& message : messages_) {
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_WARNING)
      seen.push_back(read_error(message.get(), true));
  }
  // Each submit of the default model warns of its withdrawal.
  std::erase_if(seen, [](const ErrorSeen& one) {
    return one.text.find("is withdrawn as of") != std::string::npos;
  });
  return seen;
}

int Pipeline::count(GstMessageType type) const {
  int count = 0;
  for (const auto& message : messages_)
    count += GST_MESSAGE_TYPE(message.get()) == type;
  return count;
}

}  // namespace test_support
