// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs one pipeline to its end and prints its messages of interest. Calls the C library's functions
// directly, so that a library of LD_PRELOAD replaces them (see mounts). gst-launch-1.0 now and then
// does not end after an error while it prerolls.
#include <gst/gst.h>

#include <cstdio>

namespace {

void print(GstMessage* message) {
  g_autoptr(GError) error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
    gst_message_parse_error(message, &error, nullptr);
  else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning(message, &error, nullptr);
  else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_INFO)
    gst_message_parse_info(message, &error, nullptr);
  if (error)
    std::printf("%s: %s\n", GST_MESSAGE_TYPE_NAME(message), error->message);
}

}  // namespace

int main(int, char** argv) {
  gst_init(nullptr, nullptr);
  g_autoptr(GError) error = nullptr;
  g_autoptr(GstElement) pipeline = gst_parse_launchv(const_cast<const gchar**>(argv + 1), &error);
  if (!pipeline)
    return 3;
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstMessageType end = GST_MESSAGE_UNKNOWN;
  while ((end & (GST_MESSAGE_EOS | GST_MESSAGE_ERROR)) == 0) {
    g_autoptr(GstMessage) message = gst_bus_timed_pop(bus, GST_CLOCK_TIME_NONE);
    end = GST_MESSAGE_TYPE(message);
    print(message);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return end == GST_MESSAGE_EOS ? 0 : 1;
}
