// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading a bus.
#include "bus.h"

#include "modelversesrc.h"

namespace modelverse {

namespace {

const char* progress_word(GstProgressType type) {
  switch (type) {
    case GST_PROGRESS_TYPE_START:
      return "start";
    case GST_PROGRESS_TYPE_CONTINUE:
      return "continue";
    case GST_PROGRESS_TYPE_COMPLETE:
      return "complete";
    case GST_PROGRESS_TYPE_CANCELED:
      return "canceled";
    case GST_PROGRESS_TYPE_ERROR:
      return "progress-error";
  }
  return "?";
}

}  // namespace

ElementOnBus::ElementOnBus()
    : element_(GST_ELEMENT(gst_object_ref_sink(g_object_new(MODELVERSE_TYPE_SRC, nullptr)))),
      bus_(gst_bus_new()) {
  gst_element_set_bus(element_, bus_);
}

ElementOnBus::~ElementOnBus() {
  gst_element_set_bus(element_, nullptr);
  gst_object_unref(bus_);
  gst_object_unref(element_);
}

std::vector<MessagePtr> ElementOnBus::messages() {
  std::vector<MessagePtr> all;
  while (auto* message = gst_bus_pop(bus_))
    all.emplace_back(message);
  return all;
}

std::vector<std::string> ElementOnBus::told() {
  std::vector<std::string> lines;
  for (const auto& message : messages())
    lines.push_back(in_words(message.get()));
  return lines;
}

std::string in_words(GstMessage* message) {
  const auto* structure = gst_message_get_structure(message);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT)
    return std::string("element ") + gst_structure_get_name(structure);
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_PROGRESS)
    return GST_MESSAGE_TYPE_NAME(message);
  GstProgressType type = GST_PROGRESS_TYPE_START;
  gchar* code = nullptr;
  gst_message_parse_progress(message, &type, &code, nullptr);
  const CharPtr owned(code);
  int percent = -1;
  gst_structure_get_int(structure, "percent", &percent);
  return std::string(progress_word(type)) + " " + code + " " + std::to_string(percent);
}

std::string text_field(const GstStructure* structure, const char* name) {
  const char* text = structure ? gst_structure_get_string(structure, name) : nullptr;
  return text ? text : "";
}

}  // namespace modelverse
