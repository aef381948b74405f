// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads caps, segments and tags.
#include "sink_stream.h"

#include <gst/video/video.h>

#include "picture/sample.h"

namespace modelverse {

namespace {

GstClockTime frame_duration_of(const GstCaps* caps) {
  int frames = 0;
  int seconds = 0;
  const auto* structure = gst_caps_get_structure(caps, 0);
  if (!gst_structure_get_fraction(structure, "framerate", &frames, &seconds) || frames <= 0)
    return GST_CLOCK_TIME_NONE;
  return gst_util_uint64_scale_int(GST_SECOND, seconds, frames);
}

int exif_of(GstVideoOrientationMethod method) {
  switch (method) {
    case GST_VIDEO_ORIENTATION_HORIZ:
      return 2;
    case GST_VIDEO_ORIENTATION_180:
      return 3;
    case GST_VIDEO_ORIENTATION_VERT:
      return 4;
    case GST_VIDEO_ORIENTATION_UL_LR:
      return 5;
    case GST_VIDEO_ORIENTATION_90R:
      return 6;
    case GST_VIDEO_ORIENTATION_UR_LL:
      return 7;
    case GST_VIDEO_ORIENTATION_90L:
      return 8;
    case GST_VIDEO_ORIENTATION_IDENTITY:
    case GST_VIDEO_ORIENTATION_AUTO:
    case GST_VIDEO_ORIENTATION_CUSTOM:
      break;
  }
  return 1;
}

}  // namespace

bool SinkStream::can_read(const GstCaps* caps) {
  const auto* structure = gst_caps_get_structure(caps, 0);
  GstVideoInfo info;
  return !gst_structure_has_name(structure, "video/x-raw") ||
         (gst_video_info_from_caps(&info, caps) &&
          GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_ENCODED);
}

bool SinkStream::set_caps(GstCaps* caps) {
  if (!can_read(caps))
    return false;
  caps_.reset(gst_caps_ref(caps));
  frame_duration_ = frame_duration_of(caps);
  return true;
}

void SinkStream::set_segment(GstEvent* event) {
  gst_event_copy_segment(event, &segment_);
}

// Decoders do not rotate the frames of a phone's video. They report the orientation in a tag.
void SinkStream::note_tags(GstEvent* event) {
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  auto method = GST_VIDEO_ORIENTATION_IDENTITY;
  if (gst_video_orientation_from_tag(tags, &method))
    orientation_ = exif_of(method);
}

void SinkStream::begin_stream() {
  orientation_ = 1;
}

void SinkStream::flush() {
  gst_segment_init(&segment_, GST_FORMAT_UNDEFINED);
}

void SinkStream::forget() {
  caps_.reset();
  frame_duration_ = GST_CLOCK_TIME_NONE;
  begin_stream();
  flush();
}

bool SinkStream::is_picture(GstBuffer* buffer) const {
  constexpr auto not_to_be_seen =
      GST_BUFFER_FLAG_DECODE_ONLY | GST_BUFFER_FLAG_GAP | GST_BUFFER_FLAG_CORRUPTED;
  return !(GST_BUFFER_FLAGS(buffer) & not_to_be_seen) && gst_buffer_get_size(buffer) > 0 &&
         is_in_segment(buffer);
}

// After an accurate seek, a decoder may output frames from before the segment.
bool SinkStream::is_in_segment(GstBuffer* buffer) const {
  if (segment_.format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID(buffer))
    return true;
  const auto begin = GST_BUFFER_PTS(buffer);
  const auto duration =
      GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : frame_duration_;
  const auto end = GST_CLOCK_TIME_IS_VALID(duration) ? begin + duration : begin;
  return gst_segment_clip(&segment_, GST_FORMAT_TIME, begin, end, nullptr, nullptr);
}

SamplePtr SinkStream::sample_of(GstBuffer* buffer) const {
  auto* info = gst_structure_new("modelverse-picture", picture::orientation_field, G_TYPE_INT,
                                 orientation_, nullptr);
  return SamplePtr(gst_sample_new(buffer, caps_.get(), &segment_, info), gst_sample_unref);
}

}  // namespace modelverse
