// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs one pipeline to its end and says, as a line of JSON, when and for how much of the processor.
// Every pipeline that is measured runs in this program, so that none has another's start to carry.
//
// Usage: run_pipeline DESCRIPTION
// With CA_FILE the elements of the pipeline trust the authorities in that file; with UNTIL_FIRST
// its end is the first buffer in a sink.
#include <gio/gio.h>
#include <gst/gst.h>
#include <sys/resource.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// User and system time of all threads so far.
double processor_time() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// CLOCK_MONOTONIC, the clock of Python's time.monotonic(), so that both can be compared.
double now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// 0: not yet.
std::atomic<double> first_buffer = 0;  // in a sink
std::atomic<double> success = 0;       // the service's, as modelversesrc tells of it

GstPadProbeReturn note_buffer(GstPad* pad, GstPadProbeInfo*, gpointer) {
  double none = 0;
  first_buffer.compare_exchange_strong(none, now());
  if (std::getenv("UNTIL_FIRST")) {
    auto* sink = GST_OBJECT_PARENT(pad);
    gst_element_post_message(GST_ELEMENT(sink), gst_message_new_application(
                                                    sink, gst_structure_new_empty("first-buffer")));
  }
  return GST_PAD_PROBE_REMOVE;
}

// Where it is posted, not where it is read.
GstBusSyncReply note_success(GstBus*, GstMessage* message, gpointer) {
  const auto* fields = gst_message_get_structure(message);
  if (gst_message_has_name(message, "modelverse/task") &&
      g_strcmp0(gst_structure_get_string(fields, "status"), "success") == 0)
    success = now();
  return GST_BUS_PASS;
}

void prepare(const GValue* item, gpointer database) {
  auto* element = GST_ELEMENT(g_value_get_object(item));
  if (database && g_object_class_find_property(G_OBJECT_GET_CLASS(element), "tls-database"))
    g_object_set(element, "tls-database", database, nullptr);
  if (!GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK))
    return;
  auto* pad = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, note_buffer, nullptr, nullptr);
  gst_object_unref(pad);
}

void prepare_all(GstElement* pipeline) {
  const char* authorities = std::getenv("CA_FILE");
  auto* database = authorities ? g_tls_file_database_new(authorities, nullptr) : nullptr;
  auto* elements = gst_bin_iterate_recurse(GST_BIN(pipeline));
  gst_iterator_foreach(elements, prepare, database);
  gst_iterator_free(elements);
  g_clear_object(&database);
}

bool wait_for_end(GstElement* pipeline) {
  auto* bus = gst_element_get_bus(pipeline);
  const auto ends = GST_MESSAGE_EOS | GST_MESSAGE_APPLICATION | GST_MESSAGE_ERROR;
  auto* message =
      gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(ends));
  const bool is_good = GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR;
  if (!is_good) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    std::fprintf(stderr, "run_pipeline: %s\n", error->message);
    g_error_free(error);
  }
  gst_message_unref(message);
  gst_object_unref(bus);
  return is_good;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  auto* pipeline = argc == 2 ? gst_parse_launch(argv[1], nullptr) : nullptr;
  if (!pipeline) {
    std::fprintf(stderr, "run_pipeline: no pipeline\n");
    return 2;
  }
  prepare_all(pipeline);
  auto* bus = gst_element_get_bus(pipeline);
  gst_bus_set_sync_handler(bus, note_success, nullptr, nullptr);
  gst_object_unref(bus);
  const double start = now(), start_cpu = processor_time();
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const bool is_good = wait_for_end(pipeline);
  const double end = now(), end_cpu = processor_time();
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  std::printf(
      "{\"start\": %.6f, \"success\": %.6f, \"first\": %.6f, \"end\": %.6f, \"cpu\": %.6f}\n",
      start, success.load(), first_buffer.load(), end, end_cpu - start_cpu);
  return is_good ? 0 : 1;
}
