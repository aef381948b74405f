// SPDX-License-Identifier: LGPL-2.1-or-later
// Many elements in one process: their pipelines, and how many have come to an end.
#pragma once

#include <gst/gst.h>
#include <sys/resource.h>

#include <atomic>
#include <string>

#include "glib/handles.h"

namespace test_support {

using PipelinePtr = modelverse::ObjectPtr<GstElement>;

// Of all pipelines: those at EOS, and those that failed.
inline std::atomic<int> ended = 0;
inline std::atomic<int> failed = 0;

// Takes the messages at once, as an application does.
inline GstBusSyncReply count_end(GstBus*, GstMessage* message, gpointer) {
  ended += GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  failed += GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
  gst_message_unref(message);
  return GST_BUS_DROP;
}

// Plays the pipeline of this gst-launch text.
inline PipelinePtr play(const std::string& text) {
  auto* pipeline = gst_parse_launch(text.c_str(), nullptr);
  auto* bus = gst_element_get_bus(pipeline);
  gst_bus_set_sync_handler(bus, count_end, nullptr, nullptr);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  return PipelinePtr::adopt(GST_ELEMENT(gst_object_ref_sink(pipeline)));
}

// As the element named "source" counts them.
inline unsigned polls_of(const PipelinePtr& pipeline) {
  auto* source = gst_bin_get_by_name(GST_BIN(pipeline.get()), "source");
  GstStructure* stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  gst_object_unref(source);
  guint polls = 0;
  gst_structure_get_uint(stats, "polls", &polls);
  gst_structure_free(stats);
  return polls;
}

// As many descriptors as this process may have, which is returned; as root, `wanted` at least.
inline rlim_t raise_descriptors(rlim_t wanted) {
  rlimit files = {wanted, wanted};
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  return files.rlim_cur;
}

}  // namespace test_support
