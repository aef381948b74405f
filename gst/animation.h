// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverseanimate without GObject: a Source whose picture arrives on a sink pad.
#pragma once

#include "frame_slot.h"
#include "sink_stream.h"
#include "source.h"

namespace modelverse {

class Animation : public Source {
 public:
  using Source::Source;

  // The run lasts while one of the pads is active: upstream does not send the picture again if only
  // the source pad is deactivated, and activated again.
  void stop() override;
  // The sink pad is inactive, and upstream's thread has left it.
  void stop_input();
  void unlock() override;
  void unlock_stop() override;

  // Called on upstream's thread; none of these blocks. GST_FLOW_EOS: no more buffers are needed.
  GstFlowReturn take(GstBuffer* buffer);
  // False: unsupported caps.
  bool take_event(GstEvent* event);
  // Between two buffers it holds the latest.
  bool holds_buffer() const { return frame_ == StreamFrame::last; }
  // Returns buffers to upstream's pool (DRAIN).
  void detach();

 protected:
  void begin(const Settings& settings) override;
  Settings expected_settings() override;
  Status complete(Settings& settings) override;
  void drop_picture() override { slot_.drop(); }

 private:
  // No more buffers are needed from upstream.
  bool is_settled();
  // Ends the run. Both pads are inactive. The next run animates another picture.
  void reset();
  bool take_caps(GstEvent* event);
  void end_stream();
  void flush();
  void warn_once(std::chrono::seconds waited);

  FrameSlot slot_;
  bool has_warned_ = false;  // streaming thread only
  // Written by begin(), before a picture can arrive. A property that is set during a run applies to
  // the next run.
  StreamFrame frame_ = StreamFrame::first;
  std::string adopted_task_;
  // Upstream's thread only.
  SinkStream sink_stream_;
  SamplePtr latest_;          // with frame=last
  unsigned passed_over_ = 0;  // buffers without a picture
};

}  // namespace modelverse
