// SPDX-License-Identifier: LGPL-2.1-or-later
// Stopping is quick at any instant, and leaves no thread.
#include <gst/base/gstbasesrc.h>

#include <chrono>
#include <future>

#include "stops.h"

namespace test_support {
namespace {

using Stop = StopTest;

TEST_P(Stop, returns_at_once_at_any_instant_and_leaves_no_thread) {
  // Far above what it takes (the benchmark says how long that is), far below what it cuts short.
  for (const auto time : stop_often(12))
    EXPECT_LT(time, std::chrono::seconds(5));
}

INSTANTIATE_TEST_SUITE_P(Each, Stop, testing::ValuesIn(stop_phases),
                         [](const auto& row) { return std::string(row.param); });

// GstBaseSrc has restarted the streaming thread, and a state change waits for its end.
TEST_F(ElementTest, a_refused_seek_does_not_undo_the_unlock_of_a_state_change) {
  static GstBaseSrcClass original;
  start_emulator({"--generation-time", "1000"});
  for (const bool is_sent_to_pad : {true, false}) {
    Pipeline pipeline(source() + " ! fakesink");
    pipeline.set_state(GST_STATE_PAUSED);
    auto* src = GST_BASE_SRC_CAST(pipeline.source());
    auto* klass = GST_BASE_SRC_GET_CLASS(src);
    original = *klass;
    klass->unlock_stop = [](GstBaseSrc* sought) {
      original.unlock_stop(sought);
      return original.unlock(sought);
    };
    // The end of the clip is not known yet.
    auto* seek = gst_event_new_seek(-1, GST_FORMAT_BYTES, GST_SEEK_FLAG_NONE, GST_SEEK_TYPE_SET, 0,
                                    GST_SEEK_TYPE_NONE, 0);
    EXPECT_FALSE(is_sent_to_pad ? gst_pad_send_event(src->srcpad, seek)
                                : gst_element_send_event(pipeline.source(), seek));
    *klass = original;
    auto flow = std::async(std::launch::async, [&] {
      GstBuffer* buffer = nullptr;
      return klass->create(src, 0, 1, &buffer);
    });
    EXPECT_EQ(flow.wait_for(std::chrono::seconds(10)), std::future_status::ready);
    klass->unlock(src);
    EXPECT_EQ(flow.get(), GST_FLOW_FLUSHING);
  }
}

}  // namespace
}  // namespace test_support
