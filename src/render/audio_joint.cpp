// SPDX-License-Identifier: LGPL-2.1-or-later
// A pad probe that drops and moves packets.
#include "render/audio_joint.h"

#include <algorithm>
#include <utility>

namespace modelverse::render {

void AudioJoint::watch(GstPad* pad, std::vector<GstClockTime> ends) {
  ends_ = std::move(ends);
  constexpr int kinds = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM;
  gst_pad_add_probe(pad, static_cast<GstPadProbeType>(kinds), on_data, this, nullptr);
}

// A muxer writes a shorter length for the last packet of a clip; it decodes to a whole one.
GstClockTime AudioJoint::place(GstClockTime time, GstClockTime length, GstClockTime clip_end) {
  usual_ = std::max(usual_, length);
  if (end_ == GST_CLOCK_TIME_NONE)
    end_ = time;
  if (time + usual_ / 2 < end_ || time + usual_ / 2 > clip_end)
    return GST_CLOCK_TIME_NONE;
  const auto placed = time > end_ + usual_ / 2 ? time : end_;
  end_ = placed + usual_;
  return placed;
}

GstPadProbeReturn AudioJoint::on_data(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<AudioJoint*>(data);
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    return self->move(info);
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT)
    GST_PAD_PROBE_INFO_DATA(info) = self->begin_clip(event);
  return GST_PAD_PROBE_OK;
}

// A moved packet may be outside its clip's segment: downstream has one segment, with the time of
// the film.
GstEvent* AudioJoint::begin_clip(GstEvent* segment) {
  gst_event_copy_segment(segment, &segment_);
  ++begun_;
  GstSegment all;
  gst_segment_init(&all, GST_FORMAT_TIME);
  auto* event = gst_event_new_segment(&all);
  gst_event_set_seqnum(event, gst_event_get_seqnum(segment));
  gst_event_unref(segment);
  return event;
}

GstPadProbeReturn AudioJoint::move(GstPadProbeInfo* info) {
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  const auto length = GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0;
  // An edit list may let the sound begin within a packet, which then is before its segment.
  guint64 time = 0;
  const int sign =
      gst_segment_to_running_time_full(&segment_, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer), &time);
  if (sign == 0 || (sign < 0 && time > length / 2))
    return GST_PAD_PROBE_DROP;
  if (sign < 0)
    time = 0;
  const bool is_last = begun_ >= ends_.size();
  const auto placed = place(time, length, is_last ? GST_CLOCK_TIME_NONE : ends_[begun_ - 1]);
  if (placed == GST_CLOCK_TIME_NONE)
    return GST_PAD_PROBE_DROP;
  GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = placed;
  GST_BUFFER_DURATION(buffer) = usual_;
  return GST_PAD_PROBE_OK;
}

}  // namespace modelverse::render
