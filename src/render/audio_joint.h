// SPDX-License-Identifier: LGPL-2.1-or-later
// Joins the sound of clips without decoding it.
#pragma once

#include <gst/gst.h>

#include <vector>

namespace modelverse::render {

// An AAC encoder fills its last packet, and some add a packet at the start, so that a clip's sound
// is longer than its video. A decoder plays all packets one after the other: put together as they
// are, the sound would lag more with each clip. Drops the packets that overlap the next clip, so
// that the sound is never further off than half a packet (11 ms at 48 kHz), and makes the times of
// the others continuous.
class AudioJoint {
 public:
  // Changes the packets that leave this pad; each clip begins with a segment and ends at the next
  // of these running times. The pad's stream must end before this is destroyed.
  void watch(GstPad* pad, std::vector<GstClockTime> ends);
  // The time of a packet in the film; GST_CLOCK_TIME_NONE: drop it. `clip_end`: of its clip.
  GstClockTime place(GstClockTime time, GstClockTime length, GstClockTime clip_end);

 private:
  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  GstEvent* begin_clip(GstEvent* segment);
  GstPadProbeReturn move(GstPadProbeInfo* info);

  std::vector<GstClockTime> ends_;
  std::size_t begun_ = 0;  // number of clips
  GstSegment segment_ = {};
  GstClockTime usual_ = 0;  // length of a packet
  GstClockTime end_ = GST_CLOCK_TIME_NONE;
};

}  // namespace modelverse::render
