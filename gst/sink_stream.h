// SPDX-License-Identifier: LGPL-2.1-or-later
// What comes in from upstream: which of the buffers is a picture to be shown, and what has to be
// known to read it.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "frame_slot.h"

namespace modelverse {

// For one thread at a time, upstream's.
class SinkStream {
 public:
  SinkStream() { forget(); }

  // Encoded pictures, or raw frames of a format that GstVideo knows.
  static bool can_read(const GstCaps* caps);

  bool set_caps(GstCaps* caps);
  void set_segment(GstEvent* event);
  void note_tags(GstEvent* event);
  void begin_stream();
  // A flush: position and rate are unknown again.
  void flush();
  void forget();

  bool has_caps() const { return caps_ != nullptr; }
  // Something to be seen: neither empty, damaged nor a filler, and within the segment.
  bool is_picture(GstBuffer* buffer) const;
  SamplePtr sample_of(GstBuffer* buffer) const;

 private:
  struct CapsFreer {
    void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  };

  bool is_in_segment(GstBuffer* buffer) const;

  std::unique_ptr<GstCaps, CapsFreer> caps_;
  GstClockTime frame_duration_ = GST_CLOCK_TIME_NONE;
  GstSegment segment_ = {};
  int orientation_ = 1;  // EXIF's
};

}  // namespace modelverse
