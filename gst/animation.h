// SPDX-License-Identifier: LGPL-2.1-or-later
// What modelverseanimate does beyond a source: its picture comes in on a pad.
#pragma once

#include "frame_slot.h"
#include "sink_stream.h"
#include "source.h"

namespace modelverse {

class Animation : public Source {
 public:
  using Source::Source;

  bool start() override;
  void unlock() override;
  void unlock_stop() override;

  // From upstream's thread, none of which waits. GST_FLOW_EOS: no more is wanted.
  GstFlowReturn take(GstBuffer* buffer);
  // False: caps that cannot be read.
  bool take_event(GstEvent* event);
  // Upstream wants its buffers back.
  void let_go();
  // When neither thread runs: the next run animates another picture.
  void reset();

 protected:
  Settings expected_settings() override;
  Result<Settings> complete_settings() override;
  void drop_picture() override { slot_.drop(); }

 private:
  // Nothing more is wanted from upstream.
  bool is_settled();
  bool take_caps(GstEvent* event);
  void end_stream();
  void flush();
  void warn_once(std::chrono::seconds waited);

  FrameSlot slot_;
  bool has_warned_ = false;  // the streaming thread's own
  // Written by start(), before a picture can come: what is set while the element runs is for its
  // next run.
  StreamFrame frame_ = StreamFrame::first;
  bool adopts_task_ = false;
  // Upstream's thread's own.
  SinkStream sink_stream_;
  SamplePtr latest_;          // of frame=last
  unsigned passed_over_ = 0;  // buffers that were no picture
};

}  // namespace modelverse
