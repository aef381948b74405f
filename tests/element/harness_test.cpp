// SPDX-License-Identifier: LGPL-2.1-or-later
// The bare elements in GstHarness, in each phase of their job: what an application may do to a pad.
#include "harness.h"

namespace test_support {
namespace {

class Harness : public ElementTest {};

TEST_F(Harness, gives_stream_start_caps_segment_and_tags_before_the_first_buffer) {
  start_emulator({"--generation-time", "0.1"});
  ElementHarness harness(source("prompt=\"a prompt\""));
  harness.play();
  auto* buffer = gst_harness_pull(harness.get());
  ASSERT_NE(buffer, nullptr);
  gst_buffer_unref(buffer);
  for (const auto expected :
       {GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_TAG}) {
    auto* event = gst_harness_pull_event(harness.get());
    ASSERT_NE(event, nullptr);
    EXPECT_STREQ(GST_EVENT_TYPE_NAME(event), gst_event_type_get_name(expected));
    gst_event_unref(event);
  }
}

// A moment in the life of a job. What waits for the end of `waiting` or `generating` never returns.
struct Moment {
  const char* name;
  const char* script;
  const char* code;  // null: before the picture is there
  GstProgressType progress;
};

struct Case {
  const char* element;
  Moment moment;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.element << " " << one.moment.name;
}

class InPhase : public Harness, public ::testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    Harness::SetUp();
    start_emulator({"--generation-time", "0.1"});
    emulator().play(moment().script);
  }
  static const Moment& moment() { return GetParam().moment; }
  std::string tested() const {
    return GetParam().element == std::string("modelversesrc") ? source() : animator();
  }
  void play_until_the_moment(ElementHarness& harness) {
    harness.play();
    if (!moment().code)
      return;
    feed(harness);
    ASSERT_TRUE(harness.wait_for_progress(moment().code, moment().progress));
  }
  void feed(ElementHarness& harness) {
    harness.feed();
    is_fed_ = true;
  }
  // READY forgets the picture that came in.
  void forget_the_picture() { is_fed_ = false; }
  void expect_the_clip_for_one_submit(ElementHarness& harness) {
    if (!is_fed_)
      feed(harness);
    emulator().play(R"({"rules":[]})");
    const auto served = file_content(clip_path());
    EXPECT_TRUE(harness.pull(served.size()) == served);
    EXPECT_EQ(emulator().submits(), 1u);
  }

 private:
  bool is_fed_ = false;
};

TEST_P(InPhase, the_next_start_goes_on_after_a_stop) {
  ElementHarness harness(tested());
  play_until_the_moment(harness);
  harness.set_state(GST_STATE_NULL);
  forget_the_picture();
  harness.play();
  expect_the_clip_for_one_submit(harness);
}

TEST_P(InPhase, it_goes_on_after_ready_and_back) {
  ElementHarness harness(tested());
  play_until_the_moment(harness);
  for (int i = 0; i < 5; ++i) {
    harness.set_state(GST_STATE_READY);
    harness.set_state(GST_STATE_PLAYING);
  }
  forget_the_picture();
  expect_the_clip_for_one_submit(harness);
}

TEST_P(InPhase, a_flush_does_not_wait_for_the_clip) {
  ElementHarness harness(tested());
  play_until_the_moment(harness);
  EXPECT_TRUE(gst_element_send_event(harness.element(), gst_event_new_flush_start()));
  EXPECT_TRUE(gst_element_send_event(harness.element(), gst_event_new_flush_stop(TRUE)));
  expect_the_clip_for_one_submit(harness);
}

TEST_P(InPhase, seeks_do_not_wait_for_the_clip) {
  ElementHarness harness(tested());
  play_until_the_moment(harness);
  for (const auto flags : {GST_SEEK_FLAG_FLUSH, GST_SEEK_FLAG_NONE}) {
    auto* seek = gst_event_new_seek(1.0, GST_FORMAT_BYTES, flags, GST_SEEK_TYPE_SET, 0,
                                    GST_SEEK_TYPE_NONE, 0);
    EXPECT_TRUE(gst_harness_push_upstream_event(harness.get(), seek));
  }
  expect_the_clip_for_one_submit(harness);
}

TEST_P(InPhase, queries_do_not_wait_for_the_clip) {
  ElementHarness harness(tested());
  play_until_the_moment(harness);
  gint64 duration = 0;
  EXPECT_TRUE(gst_element_query_duration(harness.element(), GST_FORMAT_BYTES, &duration));
  gint status = -1;
  GstStructure* stats = nullptr;
  g_object_get(harness.element(), "task-status", &status, "stats", &stats, nullptr);
  EXPECT_NE(status, -1);
  EXPECT_NE(stats, nullptr);
  gst_structure_free(stats);
}

constexpr Moment waiting = {"waiting", R"({"rules":[]})", nullptr, GST_PROGRESS_TYPE_START};
constexpr Moment submitting = {"submit", R"({"rules":[{"route":"submit","delay":1}]})", "submit",
                               GST_PROGRESS_TYPE_START};
constexpr Moment generating = {
    "generate", R"({"rules":[{"route":"status","task_status":"Running","times":0}]})", "generate",
    GST_PROGRESS_TYPE_START};
constexpr Moment downloading = {
    "download", R"({"rules":[{"route":"result","bytes_per_second":1500000,"times":0}]})",
    "download", GST_PROGRESS_TYPE_CONTINUE};

INSTANTIATE_TEST_SUITE_P(
    Phases, InPhase,
    ::testing::Values(Case{"modelversesrc", submitting}, Case{"modelversesrc", generating},
                      Case{"modelversesrc", downloading}, Case{"modelverseanimate", waiting},
                      Case{"modelverseanimate", submitting}, Case{"modelverseanimate", generating},
                      Case{"modelverseanimate", downloading}),
    [](const auto& test) {
      return std::string(test.param.element) + "_" + test.param.moment.name;
    });

}  // namespace
}  // namespace test_support
