// SPDX-License-Identifier: LGPL-2.1-or-later
// State of the input stream: decides which buffers are pictures, and holds their caps, segment and
// orientation.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "frame_slot.h"

namespace modelverse {

// Upstream's thread only.
class SinkStream {
 public:
  SinkStream() { forget(); }

  // True for encoded pictures, and for raw frames in a format that GstVideo supports.
  static bool can_read(const GstCaps* caps);

  bool set_caps(GstCaps* caps);
  void set_segment(GstEvent* event);
  void note_tags(GstEvent* event);
  void begin_stream();
  // Resets the segment.
  void flush();
  void forget();

  bool has_caps() const { return caps_ != nullptr; }
  // True if the buffer is neither empty, corrupted nor a gap, and within the segment.
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
  int orientation_ = 1;  // EXIF value
};

}  // namespace modelverse
