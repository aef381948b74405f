// SPDX-License-Identifier: LGPL-2.1-or-later
// From samples to sums.
#include "support/frame_sums.h"

#include <gtest/gtest.h>

#include <ostream>

#include "support/frames.h"
#include "support/pipeline.h"

namespace test_support {

void PrintTo(const FrameSum& frame, std::ostream* out) {
  *out << frame.time / GST_MSECOND << " ms:" << std::hex << frame.sum << std::dec;
}

FrameSum sum_of(GstSample* sample) {
  auto* buffer = gst_sample_get_buffer(sample);
  GstMapInfo map = {};
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
    return {};
  GBytes* bytes = g_bytes_new_static(map.data, map.size);
  const FrameSum frame{gst_segment_to_stream_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                                  GST_BUFFER_PTS(buffer)),
                       g_bytes_hash(bytes)};
  g_bytes_unref(bytes);
  gst_buffer_unmap(buffer, &map);
  return frame;
}

FrameTaker::FrameTaker(GstElement* sink) {
  on_samples(sink, [this](GstSample* sample) { frames_.push_back(sum_of(sample)); });
}

std::vector<FrameSum> frames_of(const std::string& description) {
  Pipeline pipeline(description);
  const FrameTaker taker(pipeline.element("video"));
  EXPECT_TRUE(pipeline.run()) << description;
  pipeline.set_state(GST_STATE_NULL);
  return taker.frames();
}

}  // namespace test_support
