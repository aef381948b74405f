// SPDX-License-Identifier: LGPL-2.1-or-later
// The bare elements in GstHarness, in each phase of their job: what an application may do to a pad.
#include "harness.h"

#include "support/timing.h"

namespace test_support {
namespace {

constexpr std::chrono::seconds at_once(5);

class Harness : public ElementTest {};

TEST_F(Harness, gives_stream_start_caps_segment_and_tags_before_the_first_buffer) {
  start_emulator({"--generation-time", "0.1"});
  Bench bench(source("prompt=\"a prompt\""));
  bench.play();
  auto* buffer = gst_harness_pull(bench.get());
  ASSERT_NE(buffer, nullptr);
  gst_buffer_unref(buffer);
  for (const auto expected :
       {GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_TAG}) {
    auto* event = gst_harness_pull_event(bench.get());
    ASSERT_NE(event, nullptr);
    EXPECT_STREQ(GST_EVENT_TYPE_NAME(event), gst_event_type_get_name(expected));
    gst_event_unref(event);
  }
}

TEST_F(Harness, pushes_the_whole_clip_in_order) {
  start_emulator({"--generation-time", "0.1"});
  const auto served = file_content(clip_path());
  Bench bench(source());
  bench.play();
  EXPECT_TRUE(bench.pull(served.size()) == served);
}

// A moment in the life of the job that lasts until somebody looks.
struct Moment {
  const char* name;
  const char* generation_time;
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
    start_emulator({"--generation-time", moment().generation_time});
    emulator().play(moment().script);
  }
  static const Moment& moment() { return GetParam().moment; }
  std::string tested() const {
    return GetParam().element == std::string("modelversesrc") ? source() : animator();
  }
  void play_until_the_moment(Bench& bench) {
    bench.play();
    if (!moment().code)
      return;
    feed(bench);
    ASSERT_TRUE(bench.wait_for_progress(moment().code, moment().progress));
  }
  void feed(Bench& bench) {
    bench.feed();
    is_fed_ = true;
  }
  // READY forgets the picture that came in.
  void forget_the_picture() { is_fed_ = false; }
  void expect_the_clip_for_one_submit(Bench& bench) {
    if (!is_fed_)
      feed(bench);
    const auto served = file_content(clip_path());
    EXPECT_TRUE(bench.pull(served.size()) == served);
    EXPECT_EQ(emulator().submits(), 1u);
  }

 private:
  bool is_fed_ = false;
};

TEST_P(InPhase, stopping_returns_at_once_and_the_next_start_goes_on) {
  Bench bench(tested());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] { bench.set_state(GST_STATE_NULL); }), at_once);
  forget_the_picture();
  bench.play();
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, ready_and_back_returns_at_once_and_goes_on) {
  Bench bench(tested());
  play_until_the_moment(bench);
  for (int i = 0; i < 5; ++i) {
    EXPECT_LT(time_of([&] {
                bench.set_state(GST_STATE_READY);
                bench.set_state(GST_STATE_PLAYING);
              }),
              at_once);
  }
  forget_the_picture();
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, a_flush_from_downstream_returns_at_once_and_the_clip_comes) {
  Bench bench(tested());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] {
              EXPECT_TRUE(gst_element_send_event(bench.element(), gst_event_new_flush_start()));
              EXPECT_TRUE(gst_element_send_event(bench.element(), gst_event_new_flush_stop(TRUE)));
            }),
            at_once);
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, seeks_from_downstream_return_at_once_and_submit_nothing) {
  Bench bench(tested());
  play_until_the_moment(bench);
  for (const auto flags : {GST_SEEK_FLAG_FLUSH, GST_SEEK_FLAG_NONE}) {
    auto* seek = gst_event_new_seek(1.0, GST_FORMAT_BYTES, flags, GST_SEEK_TYPE_SET, 0,
                                    GST_SEEK_TYPE_NONE, 0);
    EXPECT_LT(time_of([&] { EXPECT_TRUE(gst_harness_push_upstream_event(bench.get(), seek)); }),
              at_once);
  }
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, queries_are_answered_at_once) {
  Bench bench(tested());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] {
              gint64 duration = 0;
              EXPECT_TRUE(gst_element_query_duration(bench.element(), GST_FORMAT_BYTES, &duration));
              gint status = -1;
              GstStructure* stats = nullptr;
              g_object_get(bench.element(), "task-status", &status, "stats", &stats, nullptr);
              EXPECT_NE(status, -1);
              EXPECT_NE(stats, nullptr);
              gst_structure_free(stats);
            }),
            at_once);
}

constexpr Moment waiting = {"waiting", "0.1", R"({"rules":[]})", nullptr, GST_PROGRESS_TYPE_START};
constexpr Moment submitting = {"submit", "0.1", R"({"rules":[{"route":"submit","delay":1}]})",
                               "submit", GST_PROGRESS_TYPE_START};
// On a busy machine the first poll may come after the clip, and no word between.
constexpr Moment generating = {"generate", "1.5", R"({"rules":[]})", "generate",
                               GST_PROGRESS_TYPE_START};
constexpr Moment downloading = {
    "download", "0.1", R"({"rules":[{"route":"result","bytes_per_second":1500000,"times":0}]})",
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
