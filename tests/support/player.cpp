// SPDX-License-Identifier: LGPL-2.1-or-later
// Plays one pipeline to its end, as a process of its own that can be watched, measured and killed,
// and into which a library of LD_PRELOAD can be put.
//
// Usage: player DESCRIPTION     the element under test is named "src"
// Environment: PLAYER_API_KEY is set as the property.
// Prints "END eos" or "END error", the messages with their structures, the source's stats, its URI
// and the process's highest memory use in KiB.
#include <gst/gst.h>

#include <iostream>

#include "support/peak.h"

namespace {

void print_structure(const char* label, const GstStructure* structure) {
  gchar* text = structure ? gst_structure_to_string(structure) : nullptr;
  std::cout << label << " " << (text ? text : "") << std::endl;
  g_free(text);
}

// Of an ERROR, a WARNING or an INFO.
void print_text(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  const char* label = "ERROR ";
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, &debug);
  } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    label = "WARNING ";
    gst_message_parse_warning(message, &error, &debug);
  } else {
    label = "INFO ";
    gst_message_parse_info(message, &error, &debug);
  }
  std::cout << label << g_quark_to_string(error->domain) << " " << error->code << " "
            << error->message << std::endl;
  std::cout << "DEBUG " << (debug ? debug : "") << std::endl;
  g_error_free(error);
  g_free(debug);
}

void set_up(GstElement* source) {
  if (const char* key = g_getenv("PLAYER_API_KEY"))
    g_object_set(source, "api-key", key, nullptr);
}

// True at EOS. Everything that is said on the way is printed.
bool wait_for_end(GstElement* pipeline) {
  GstBus* bus = gst_element_get_bus(pipeline);
  bool is_over = false;
  bool is_eos = false;
  while (!is_over) {
    GstMessage* message = gst_bus_timed_pop(bus, GST_CLOCK_TIME_NONE);
    is_eos = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
    is_over = is_eos || GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
    print_structure(GST_MESSAGE_TYPE_NAME(message), gst_message_get_structure(message));
    constexpr int texts = GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_INFO;
    if (GST_MESSAGE_TYPE(message) & texts)
      print_text(message);
    gst_message_unref(message);
  }
  gst_object_unref(bus);
  return is_eos;
}

void print_source(GstElement* source) {
  GstStructure* stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  print_structure("STATS", stats);
  gst_structure_free(stats);
  gchar* uri = gst_uri_handler_get_uri(GST_URI_HANDLER(source));
  std::cout << "URI " << (uri ? uri : "") << std::endl;
  g_free(uri);
}

}  // namespace

int main(int count, char** arguments) {
  gst_init(nullptr, nullptr);
  GError* error = nullptr;
  GstElement* pipeline = count == 2 ? gst_parse_launch(arguments[1], &error) : nullptr;
  GstElement* source = pipeline ? gst_bin_get_by_name(GST_BIN(pipeline), "src") : nullptr;
  if (!source || error) {
    std::cerr << "no pipeline with a src: " << (error ? error->message : "") << std::endl;
    return 2;
  }
  set_up(source);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const bool is_eos = wait_for_end(pipeline);
  GST_DEBUG_BIN_TO_DOT_FILE(GST_BIN(pipeline), GST_DEBUG_GRAPH_SHOW_ALL, "end");
  gst_element_set_state(pipeline, GST_STATE_NULL);
  print_source(source);
  gst_object_unref(source);
  gst_object_unref(pipeline);
  std::cout << "PEAK " << test_support::peak_kib() << "\nEND " << (is_eos ? "eos" : "error")
            << std::endl;
  return is_eos ? 0 : 1;
}
