// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning handles for GStreamer's types.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "glib/handles.h"

namespace modelverse::render {

// GStreamer's own are static in its headers, and a static function gives a type no linkage.
inline void release_sample(GstSample* sample) {
  gst_sample_unref(sample);
}
inline void release_caps(GstCaps* caps) {
  gst_caps_unref(caps);
}
inline void release_message(GstMessage* message) {
  gst_message_unref(message);
}

inline void release_event(GstEvent* event) {
  gst_event_unref(event);
}

using ElementPtr = std::unique_ptr<GstElement, Freer<gst_object_unref>>;
using BusPtr = std::unique_ptr<GstBus, Freer<gst_object_unref>>;
using PadPtr = std::unique_ptr<GstPad, Freer<gst_object_unref>>;
using SamplePtr = std::unique_ptr<GstSample, Freer<release_sample>>;
using CapsPtr = std::unique_ptr<GstCaps, Freer<release_caps>>;
using EventPtr = std::unique_ptr<GstEvent, Freer<release_event>>;
using MessagePtr = std::unique_ptr<GstMessage, Freer<release_message>>;

// Stops its pipeline at the end of its life.
class Pipeline {
 public:
  Pipeline() = default;
  explicit Pipeline(GstElement* pipeline) : pipeline_(pipeline) {}
  Pipeline(Pipeline&&) = default;
  Pipeline& operator=(Pipeline&& other) noexcept {
    stop();
    pipeline_ = std::move(other.pipeline_);
    return *this;
  }
  ~Pipeline() { stop(); }
  GstElement* get() const { return pipeline_.get(); }
  explicit operator bool() const { return pipeline_ != nullptr; }
  ElementPtr element(const char* name) const {
    return ElementPtr(gst_bin_get_by_name(GST_BIN(get()), name));
  }
  BusPtr bus() const { return BusPtr(gst_element_get_bus(get())); }
  void leak() { (void)pipeline_.release(); }
  void stop() {
    if (pipeline_)
      gst_element_set_state(get(), GST_STATE_NULL);
  }

 private:
  ElementPtr pipeline_;
};

}  // namespace modelverse::render
