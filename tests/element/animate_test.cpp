// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverseanimate: what may come in, and which of it is animated.
#include <gst/app/gstappsink.h>

#include "harness.h"
#include "support/frames.h"

namespace test_support {
namespace {

class Animate : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    start_emulator({"--generation-time", "0.1"});
  }

  // Runs "upstream ! modelverseanimate"; the clip has to come.
  void animate(const std::string& upstream, const std::string& more = {}) {
    Pipeline pipeline(upstream + " ! " + animator(more) + " ! fakesink");
    EXPECT_TRUE(pipeline.run()) << upstream;
  }
  // The sample picture's own clip is there already: it was this picture that was animated.
  void expect_that_it_was_the_sample_picture() {
    EXPECT_EQ(emulator().submits(), 1u);
    Pipeline pipeline(source() + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
    EXPECT_EQ(emulator().submits(), 1u);
  }
  void expect_the_clip(ElementHarness& harness) {
    const auto served = file_content(clip_path());
    EXPECT_TRUE(harness.pull(served.size()) == served);
  }
};

std::string another_picture() {
  return file_content(from_environment("MODELVERSE_TEST_FIXTURES") + "/baseline.jpg");
}

GstBuffer* buffer_of(const std::string& bytes) {
  return gst_buffer_new_memdup(bytes.data(), bytes.size());
}

GstBuffer* flagged(GstBufferFlags flag) {
  auto* buffer = buffer_of(another_picture());
  GST_BUFFER_FLAG_SET(buffer, flag);
  return buffer;
}

TEST_F(Animate, an_encoded_picture_is_animated_as_it_is) {
  animate("filesrc location=" + picture() + " ! jpegparse");
  expect_that_it_was_the_sample_picture();
}

TEST_F(Animate, the_same_picture_from_memory_and_from_the_stream_is_one_clip) {
  const std::string makers[] = {
      "videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=1280,height=720",
      "videotestsrc num-buffers=1 ! video/x-raw,format=NV12,width=720,height=576,"
      "pixel-aspect-ratio=16/11",
      "videotestsrc num-buffers=1 ! video/x-raw,width=1280,height=720 ! jpegenc"};
  std::size_t tasks = 0;
  for (const auto& maker : makers) {
    Pipeline taken(maker + " ! appsink name=out");
    taken.set_state(GST_STATE_PLAYING);
    auto* sample =
        gst_app_sink_try_pull_sample(GST_APP_SINK(taken.element("out")), 20 * GST_SECOND);
    ASSERT_NE(sample, nullptr) << maker;
    Pipeline pipeline(bare_source() + " ! fakesink");
    g_object_set(pipeline.source(), "image-sample", sample, nullptr);
    gst_sample_unref(sample);
    EXPECT_TRUE(pipeline.run()) << maker;
    EXPECT_EQ(emulator().submits(), ++tasks) << maker;
    animate(maker);
    EXPECT_EQ(emulator().submits(), tasks) << maker;
  }
}

TEST_F(Animate, the_first_picture_of_a_live_stream_ends_it) {
  Pipeline pipeline("videotestsrc name=camera is-live=true ! " + animator() + " ! fakesink");
  auto* pad = gst_element_get_static_pad(pipeline.element("camera"), "src");
  int frames = 0;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer count) {
        ++*static_cast<int*>(count);
        return GST_PAD_PROBE_OK;
      },
      &frames, nullptr);
  EXPECT_TRUE(pipeline.run());
  EXPECT_TRUE(GST_PAD_IS_EOS(pad));
  gst_object_unref(pad);
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_EQ(frames, 1);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Animate, what_comes_after_the_picture_is_dropped) {
  ElementHarness harness(animator());
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  EXPECT_EQ(harness.push(another_picture()), GST_FLOW_EOS);
  gst_harness_set_src_caps_str(harness.get(), "video/x-raw, format=RGB, width=9, height=9");
  EXPECT_EQ(harness.push("no picture"), GST_FLOW_EOS);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  expect_the_clip(harness);
  expect_that_it_was_the_sample_picture();
}

TEST_F(Animate, a_flush_from_upstream_forgets_nothing_that_was_taken) {
  ElementHarness harness(animator());
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_start()));
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_segment(&segment)));
  EXPECT_EQ(harness.push(another_picture()), GST_FLOW_EOS);
  expect_the_clip(harness);
  expect_that_it_was_the_sample_picture();
  // Downstream saw nothing of it.
  while (auto* event = gst_harness_try_pull_event(harness.get())) {
    EXPECT_FALSE(GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_START) << GST_EVENT_TYPE_NAME(event);
    gst_event_unref(event);
  }
}

// As qtdemux does when it goes to READY and back alone. The picture does not come again.
TEST_F(Animate, the_source_pad_can_be_activated_again) {
  ElementHarness harness(animator());
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  EXPECT_GE(harness.pull(1).size(), 1u);
  auto* pad = gst_element_get_static_pad(harness.element(), "src");
  EXPECT_TRUE(gst_pad_set_active(pad, FALSE));
  EXPECT_TRUE(gst_pad_activate_mode(pad, GST_PAD_MODE_PULL, TRUE));
  const auto served = file_content(clip_path());
  GstBuffer* buffer = nullptr;
  ASSERT_EQ(gst_pad_get_range(pad, 0, static_cast<guint>(served.size()), &buffer), GST_FLOW_OK);
  EXPECT_EQ(gst_buffer_get_size(buffer), served.size());
  gst_buffer_unref(buffer);
  gst_object_unref(pad);
  EXPECT_EQ(emulator().submits(), 1u);
}

// As an application may do it; a state change deactivates the source pad first.
TEST_F(Animate, a_run_ends_with_its_last_pad_in_either_order) {
  const auto set_active = [](ElementHarness& harness, const char* name, gboolean is_active) {
    auto* pad = gst_element_get_static_pad(harness.element(), name);
    EXPECT_TRUE(gst_pad_set_active(pad, is_active)) << name;
    gst_object_unref(pad);
  };
  std::size_t tasks = 0;
  for (const auto& [first, last] : {std::pair("src", "sink"), std::pair("sink", "src")}) {
    ElementHarness harness(animator(std::string("prompt=") + first));
    EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
    EXPECT_GE(harness.pull(1).size(), 1u);
    EXPECT_EQ(emulator().submits(), ++tasks);
    set_active(harness, first, FALSE);
    set_active(harness, last, FALSE);
    set_active(harness, "src", TRUE);
    set_active(harness, "sink", TRUE);
    gst_harness_set_src_caps_str(harness.get(), "image/jpeg");
    EXPECT_EQ(harness.push(another_picture()), GST_FLOW_EOS);
    ++tasks;
    EXPECT_TRUE(wait_until([&] { return emulator().submits() == tasks; })) << first;
  }
}

TEST_F(Animate, what_is_not_to_be_seen_is_passed_over) {
  ElementHarness harness(animator());
  for (const auto flag :
       {GST_BUFFER_FLAG_DECODE_ONLY, GST_BUFFER_FLAG_GAP, GST_BUFFER_FLAG_CORRUPTED})
    EXPECT_EQ(gst_harness_push(harness.get(), flagged(flag)), GST_FLOW_OK);
  EXPECT_EQ(gst_harness_push(harness.get(), gst_buffer_new()), GST_FLOW_OK);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_gap(0, GST_SECOND)));
  EXPECT_EQ(harness.feed(), GST_FLOW_EOS);
  expect_the_clip(harness);
  expect_that_it_was_the_sample_picture();
}

TEST_F(Animate, the_last_frame_is_the_one_before_eos) {
  ElementHarness harness(animator("frame=last"));
  EXPECT_EQ(harness.push(another_picture()), GST_FLOW_OK);
  EXPECT_EQ(harness.feed(), GST_FLOW_OK);
  EXPECT_EQ(gst_harness_push(harness.get(), flagged(GST_BUFFER_FLAG_CORRUPTED)), GST_FLOW_OK);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  expect_the_clip(harness);
  expect_that_it_was_the_sample_picture();
}

TEST_F(Animate, the_last_frame_is_forgotten_by_a_flush) {
  ElementHarness harness(animator("frame=last"));
  EXPECT_EQ(harness.push(another_picture()), GST_FLOW_OK);
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_start()));
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE)));
  EXPECT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  const auto error = harness.wait_for(GST_MESSAGE_ERROR);
  ASSERT_TRUE(error);
  EXPECT_TRUE(emulator().requests().empty());
}

// It holds the latest one.
TEST_F(Animate, the_last_frame_requires_a_pool_of_two_buffers) {
  for (const std::string frame : {"first", "last"}) {
    ElementHarness harness(animator("frame=" + frame));
    auto* caps = gst_caps_from_string("video/x-raw, format=RGB, width=64, height=32");
    auto* query = gst_query_new_allocation(caps, TRUE);
    gst_caps_unref(caps);
    EXPECT_TRUE(gst_pad_peer_query(harness.get()->srcpad, query));
    EXPECT_EQ(gst_query_get_n_allocation_pools(query), frame == "last" ? 1u : 0u);
    if (frame == "last") {
      guint size = 0, minimum = 0;
      gst_query_parse_nth_allocation_pool(query, 0, nullptr, &size, &minimum, nullptr);
      EXPECT_EQ(size, 64u * 32 * 3);
      EXPECT_EQ(minimum, 2u);
    }
    gst_query_unref(query);
  }
}

TEST_F(Animate, the_last_frame_of_a_camera_is_the_one_at_which_eos_was_asked_for) {
  Pipeline pipeline("videotestsrc is-live=true ! identity name=seen ! " + animator("frame=last") +
                    " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  const auto frames = [&] {
    GstStructure* stats = nullptr;
    g_object_get(pipeline.element("seen"), "stats", &stats, nullptr);
    guint64 count = 0;
    gst_structure_get_uint64(stats, "num-buffers", &count);
    gst_structure_free(stats);
    return count;
  };
  ASSERT_TRUE(wait_until([&] { return frames() > 1; }));
  EXPECT_TRUE(gst_element_send_event(pipeline.get(), gst_event_new_eos()));
  EXPECT_TRUE(pipeline.wait_for_end());
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Animate, a_film_that_lies_on_its_side_is_set_upright) {
  start_generating_emulator();
  const auto decoded = decode(
      "videotestsrc num-buffers=1 ! video/x-raw,width=1280,height=720 ! "
      "taginject tags=image-orientation=rotate-90 ! " +
      animator());
  EXPECT_EQ(decoded.width, 720);
  EXPECT_EQ(decoded.height, 1280);
}

TEST_F(Animate, a_task_is_adopted_without_any_picture) {
  animate("filesrc location=" + picture() + " ! jpegparse");
  const auto task = emulator().tasks()[0].id;
  animate("fakesrc num-buffers=0", "cache-mode=refresh task-id=" + task);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Animate, a_task_id_that_is_cleared_before_the_first_buffer_still_counts_in_this_run) {
  animate("filesrc location=" + picture() + " ! jpegparse");
  const auto task = emulator().tasks()[0].id;
  Pipeline pipeline("fakesrc num-buffers=0 ! " + animator("task-id=" + task) + " ! fakesink");
  auto* pad = gst_element_get_static_pad(pipeline.source(), "src");
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo*, gpointer element) {
        g_object_set(element, "task-id", nullptr, nullptr);
        return GST_PAD_PROBE_REMOVE;
      },
      pipeline.source(), nullptr);
  gst_object_unref(pad);
  EXPECT_TRUE(pipeline.run());
  EXPECT_EQ(emulator().submits(), 1u);
}

}  // namespace
}  // namespace test_support
