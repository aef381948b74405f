// SPDX-License-Identifier: LGPL-2.1-or-later
// The bare element in GstHarness, in each phase of its job: what an application may do to a pad.
#include <gst/check/gstharness.h>

#include <chrono>
#include <functional>
#include <memory>

#include "element_test.h"

namespace test_support {
namespace {

constexpr std::chrono::seconds at_once(5);

struct HarnessFreer {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};
struct BusFreer {
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
};

// The element alone with a sink pad behind it; no pipeline, so the bus is one of our own.
class Bench {
 public:
  explicit Bench(const std::string& description) : bus_(gst_bus_new()) {
    auto* element = gst_parse_launch(description.c_str(), nullptr);
    gst_object_ref_sink(element);
    gst_element_set_bus(element, bus_.get());
    harness_.reset(gst_harness_new_with_element(element, nullptr, "src"));
    gst_object_unref(element);
  }
  ~Bench() {
    gst_element_set_state(element(), GST_STATE_NULL);
    gst_element_set_bus(element(), nullptr);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  GstHarness* get() const { return harness_.get(); }
  GstElement* element() const { return harness_->element; }

  bool wait_for_progress(const std::string& code, GstProgressType wanted) {
    for (;;) {
      const MessagePtr message(gst_bus_timed_pop_filtered(
          bus_.get(), std::chrono::nanoseconds(patience).count(), GST_MESSAGE_PROGRESS));
      if (!message)
        return false;
      GstProgressType type = GST_PROGRESS_TYPE_ERROR;
      gchar* name = nullptr;
      gst_message_parse_progress(message.get(), &type, &name, nullptr);
      const bool is_it = type == wanted && code == name;
      g_free(name);
      if (is_it)
        return true;
    }
  }

  // All buffers up to EOS.
  std::string pull_all() {
    std::string bytes;
    while (auto* buffer = gst_harness_pull(get())) {
      EXPECT_EQ(GST_BUFFER_OFFSET(buffer), bytes.size());
      const auto size = gst_buffer_get_size(buffer);
      bytes.resize(bytes.size() + size);
      gst_buffer_extract(buffer, 0, bytes.data() + bytes.size() - size, size);
      EXPECT_EQ(GST_BUFFER_OFFSET_END(buffer), bytes.size());
      gst_buffer_unref(buffer);
      if (bytes.size() == whole_)
        break;
    }
    return bytes;
  }
  // The harness gives no sign at EOS: the length ends pull_all().
  void expect_bytes(std::size_t whole) { whole_ = whole; }

 private:
  std::unique_ptr<GstBus, BusFreer> bus_;
  std::unique_ptr<GstHarness, HarnessFreer> harness_;
  std::size_t whole_ = 0;
};

std::chrono::steady_clock::duration time_of(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - begin;
}

class Harness : public ElementTest {};

TEST_F(Harness, gives_stream_start_caps_segment_and_tags_before_the_first_buffer) {
  start_emulator({"--generation-time", "0.1"});
  Bench bench(source("prompt=\"a prompt\""));
  gst_harness_play(bench.get());
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
  bench.expect_bytes(served.size());
  gst_harness_play(bench.get());
  EXPECT_TRUE(bench.pull_all() == served);
}

// A moment in the life of the job that lasts until somebody looks.
struct Moment {
  const char* name;
  const char* generation_time;
  const char* script;
  const char* code;
  GstProgressType progress;
};

void PrintTo(const Moment& moment, std::ostream* out) {
  *out << moment.name;
}

class InPhase : public Harness, public ::testing::WithParamInterface<Moment> {
 protected:
  void SetUp() override {
    Harness::SetUp();
    start_emulator({"--generation-time", GetParam().generation_time});
    emulator().play(GetParam().script);
  }
  void play_until_the_moment(Bench& bench) {
    gst_harness_play(bench.get());
    ASSERT_TRUE(bench.wait_for_progress(GetParam().code, GetParam().progress));
  }
  void expect_the_clip_for_one_submit(Bench& bench) {
    const auto served = file_content(clip_path());
    bench.expect_bytes(served.size());
    EXPECT_TRUE(bench.pull_all() == served);
    EXPECT_EQ(emulator().submits(), 1u);
  }
};

TEST_P(InPhase, stopping_returns_at_once_and_the_next_start_goes_on) {
  Bench bench(source());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] { gst_element_set_state(bench.element(), GST_STATE_NULL); }), at_once);
  gst_harness_play(bench.get());
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, ready_and_back_returns_at_once_and_goes_on) {
  Bench bench(source());
  play_until_the_moment(bench);
  for (int i = 0; i < 5; ++i) {
    EXPECT_LT(time_of([&] {
                gst_element_set_state(bench.element(), GST_STATE_READY);
                gst_element_set_state(bench.element(), GST_STATE_PLAYING);
              }),
              at_once);
  }
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, a_flush_from_downstream_returns_at_once_and_the_clip_comes) {
  Bench bench(source());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] {
              EXPECT_TRUE(gst_element_send_event(bench.element(), gst_event_new_flush_start()));
              EXPECT_TRUE(gst_element_send_event(bench.element(), gst_event_new_flush_stop(TRUE)));
            }),
            at_once);
  expect_the_clip_for_one_submit(bench);
}

TEST_P(InPhase, seeks_from_downstream_return_at_once_and_submit_nothing) {
  Bench bench(source());
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
  Bench bench(source());
  play_until_the_moment(bench);
  EXPECT_LT(time_of([&] {
              gint64 duration = 0;
              EXPECT_TRUE(gst_element_query_duration(bench.element(), GST_FORMAT_BYTES, &duration));
              gchar* status = nullptr;
              GstStructure* stats = nullptr;
              g_object_get(bench.element(), "task-status", &status, "stats", &stats, nullptr);
              EXPECT_NE(status, nullptr);
              EXPECT_NE(stats, nullptr);
              g_free(status);
              gst_structure_free(stats);
            }),
            at_once);
}

INSTANTIATE_TEST_SUITE_P(
    Phases, InPhase,
    ::testing::Values(
        Moment{"submit", "0.1", R"({"rules":[{"route":"submit","delay":1}]})", "submit",
               GST_PROGRESS_TYPE_START},
        Moment{"generate", "1.5", R"({"rules":[]})", "generate", GST_PROGRESS_TYPE_CONTINUE},
        Moment{"download", "0.1",
               R"({"rules":[{"route":"result","bytes_per_second":1500000,"times":0}]})", "download",
               GST_PROGRESS_TYPE_CONTINUE}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace test_support
