// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoded frames, told apart by what is in them.
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

namespace test_support {

struct FrameSum {
  GstClockTime time = GST_CLOCK_TIME_NONE;  // in the stream
  guint sum = 0;                            // over the samples
  bool operator==(const FrameSum&) const = default;
};
void PrintTo(const FrameSum& frame, std::ostream* out);

FrameSum sum_of(GstSample* sample);

// Takes every frame from an appsink, while its pipeline runs.
class FrameTaker {
 public:
  explicit FrameTaker(GstElement* sink);
  FrameTaker(const FrameTaker&) = delete;
  FrameTaker& operator=(const FrameTaker&) = delete;
  // Once the pipeline has ended.
  const std::vector<FrameSum>& frames() const { return frames_; }

 private:
  std::vector<FrameSum> frames_;
};

// All frames of the pipeline (a gst-launch text whose sink is "appsink name=video ..."), which has
// to reach its end.
std::vector<FrameSum> frames_of(const std::string& pipeline);

}  // namespace test_support
