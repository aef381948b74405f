// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sink_stream.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "picture/sample.h"

namespace modelverse {
namespace {

struct Unref {
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
};
using CapsPtr = std::unique_ptr<GstCaps, Unref>;
using BufferPtr = std::unique_ptr<GstBuffer, Unref>;
using EventPtr = std::unique_ptr<GstEvent, Unref>;

CapsPtr caps(const std::string& text) {
  return CapsPtr(gst_caps_from_string(text.c_str()));
}

BufferPtr buffer_at(GstClockTime time, GstClockTime duration = GST_CLOCK_TIME_NONE) {
  BufferPtr buffer(gst_buffer_new_allocate(nullptr, 3, nullptr));
  GST_BUFFER_PTS(buffer.get()) = time;
  GST_BUFFER_DURATION(buffer.get()) = duration;
  return buffer;
}

EventPtr segment_from(GstClockTime start, GstFormat format = GST_FORMAT_TIME) {
  GstSegment segment;
  gst_segment_init(&segment, format);
  segment.start = start;
  return EventPtr(gst_event_new_segment(&segment));
}

int orientation_after(SinkStream& sink_stream, const char* tag) {
  const EventPtr event(
      gst_event_new_tag(gst_tag_list_new(GST_TAG_IMAGE_ORIENTATION, tag, nullptr)));
  sink_stream.note_tags(event.get());
  int orientation = 0;
  const auto sample = sink_stream.sample_of(buffer_at(0).get());
  gst_structure_get_int(gst_sample_get_info(sample.get()), picture::orientation_field,
                        &orientation);
  return orientation;
}

TEST(SinkStream, takes_encoded_pictures_and_raw_frames_that_say_what_they_are) {
  SinkStream sink_stream;
  EXPECT_FALSE(sink_stream.has_caps());
  EXPECT_FALSE(sink_stream.set_caps(caps("video/x-raw, format=RGB").get()));
  EXPECT_FALSE(sink_stream.set_caps(caps("video/x-raw, format=ENCODED, width=4, height=4").get()));
  EXPECT_FALSE(sink_stream.has_caps());
  EXPECT_TRUE(sink_stream.set_caps(caps("video/x-raw, format=RGB, width=4, height=4").get()));
  EXPECT_TRUE(sink_stream.set_caps(caps("image/jpeg").get()));
  EXPECT_TRUE(sink_stream.has_caps());
}

TEST(SinkStream, a_frame_is_a_picture_where_some_of_it_is_in_the_segment) {
  SinkStream sink_stream;
  sink_stream.set_segment(segment_from(2 * GST_SECOND).get());
  EXPECT_FALSE(sink_stream.is_picture(buffer_at(0, GST_SECOND).get()));
  EXPECT_FALSE(sink_stream.is_picture(buffer_at(GST_SECOND, GST_SECOND).get()));
  EXPECT_TRUE(sink_stream.is_picture(buffer_at(3 * GST_SECOND / 2, GST_SECOND).get()));
  EXPECT_TRUE(sink_stream.is_picture(buffer_at(2 * GST_SECOND, GST_SECOND).get()));
  EXPECT_TRUE(sink_stream.is_picture(buffer_at(GST_CLOCK_TIME_NONE).get()));
}

TEST(SinkStream, a_frame_that_does_not_say_how_long_it_lasts_lasts_as_the_rate_says) {
  SinkStream sink_stream;
  sink_stream.set_segment(segment_from(2 * GST_SECOND).get());
  const auto before = buffer_at(3 * GST_SECOND / 2);
  EXPECT_FALSE(sink_stream.is_picture(before.get()));
  sink_stream.set_caps(caps("image/jpeg, framerate=25/1").get());
  EXPECT_FALSE(sink_stream.is_picture(before.get()));
  sink_stream.set_caps(caps("image/jpeg, framerate=1/1").get());
  EXPECT_TRUE(sink_stream.is_picture(before.get()));
}

TEST(SinkStream, a_flush_forgets_the_segment_and_bytes_have_no_place_in_time) {
  SinkStream sink_stream;
  const auto early = buffer_at(0, GST_SECOND);
  sink_stream.set_segment(segment_from(2 * GST_SECOND).get());
  sink_stream.flush();
  EXPECT_TRUE(sink_stream.is_picture(early.get()));
  sink_stream.set_segment(segment_from(1'000, GST_FORMAT_BYTES).get());
  EXPECT_TRUE(sink_stream.is_picture(early.get()));
}

TEST(SinkStream, an_orientation_is_exifs_and_lasts_as_long_as_its_stream) {
  SinkStream sink_stream;
  const std::pair<const char*, int> known[] = {
      {"rotate-0", 1},        {"flip-rotate-0", 2}, {"rotate-180", 3},     {"flip-rotate-180", 4},
      {"flip-rotate-270", 5}, {"rotate-90", 6},     {"flip-rotate-90", 7}, {"rotate-270", 8}};
  for (const auto& [tag, exif] : known)
    EXPECT_EQ(orientation_after(sink_stream, tag), exif) << tag;
  EXPECT_EQ(orientation_after(sink_stream, "upside-down"), 8);
  sink_stream.begin_stream();
  EXPECT_EQ(orientation_after(sink_stream, "upside-down"), 1);
}

}  // namespace
}  // namespace modelverse
