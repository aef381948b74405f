// SPDX-License-Identifier: LGPL-2.1-or-later
// Memory while a large clip streams: a bounded window of it, whatever its reader does.
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "stream_test.h"
#include "support/peak.h"

namespace test_support {
namespace {

// Memory of our own that is resident; the page cache behind files that are mapped is not.
std::uint64_t own_memory() {
  return static_cast<std::uint64_t>(status_kib("RssAnon")) * 1024;
}

// The window of 2 MiB, the blocks on their way, what GLib and the C library keep for themselves.
constexpr std::uint64_t few_mebibytes = 6 * 1024 * 1024;

// 500 MB with MODELVERSE_TEST_LONG: the limit is the same.
std::uint64_t clip_size() {
  return std::getenv("MODELVERSE_TEST_LONG") ? 500'000'000 : 100'000'000;
}

class StreamMemory : public StreamTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    StreamTest::SetUp();
    start_emulator({"--clip", early_clip_path(), "--moov", "first", "--generation-time", "0"});
    // What a first clip leaves behind in the libraries is not what this one costs.
    EXPECT_EQ(streamed(fresh_source()).size(), file_content(early_clip_path()).size());
    emulator().play(R"({"rules":[{"route":"result","times":0,"body_size":)" +
                    std::to_string(clip_size()) + "}]}");
    malloc_trim(0);
  }

  // The most that was resident above what was before, looked at often.
  template <typename IsOver>
  static std::uint64_t peak_until(std::uint64_t before, IsOver is_over) {
    std::uint64_t peak = before;
    EXPECT_TRUE(wait_until(
        [&] {
          peak = std::max(peak, own_memory());
          return is_over();
        },
        std::chrono::minutes(4)));
    RecordProperty("mebibytes", std::to_string(static_cast<double>(peak - before) / (1 << 20)));
    return peak - before;
  }
};

struct Counted {
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<bool> has_ended = false;
};

void count_buffer(GstElement*, GstBuffer* buffer, GstPad*, gpointer data) {
  static_cast<Counted*>(data)->bytes += gst_buffer_get_size(buffer);
}

GstPadProbeReturn note_end(GstPad*, GstPadProbeInfo* info, gpointer data) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS)
    static_cast<Counted*>(data)->has_ended = true;
  return GST_PAD_PROBE_OK;
}

void watch(Pipeline& pipeline, Counted& counted) {
  auto* sink = pipeline.element("sink");
  g_object_set(sink, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(sink, "handoff", G_CALLBACK(count_buffer), &counted);
  auto* pad = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_end, &counted, nullptr);
  gst_object_unref(pad);
}

TEST_P(StreamMemory, stays_bounded) {
  Counted counted;
  const auto before = own_memory();
  Pipeline pipeline(fresh_source() + GetParam() + " ! fakesink name=sink");
  watch(pipeline, counted);
  pipeline.set_state(GST_STATE_PLAYING);
  EXPECT_LT(peak_until(before, [&] { return counted.has_ended.load(); }), few_mebibytes);
  EXPECT_EQ(counted.bytes, clip_size());
}

// With a few milliseconds for each buffer, it soon reads from the file.
INSTANTIATE_TEST_SUITE_P(Readers, StreamMemory,
                         ::testing::Values("", " ! identity sleep-time=5000"),
                         [](const auto& reader) { return reader.index ? "slow" : "quick"; });

}  // namespace
}  // namespace test_support
