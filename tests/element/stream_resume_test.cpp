// SPDX-License-Identifier: LGPL-2.1-or-later
// Downloads that are cut: what is streamed is the clip, each byte once, and hardly any byte is
// fetched twice.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "stream_test.h"

namespace test_support {
namespace {

// A reset may take along what was received and not read yet, and one read is a block at most.
constexpr std::uint64_t one_read = 256 * 1024;

struct Cut {
  const char* how;  // a rule of the emulator's
  std::uint64_t offset;
};

class StreamResume : public StreamTest {
 protected:
  void SetUp() override {
    StreamTest::SetUp();
    serve(clip());
    size_ = file_content(clip()).size();
  }

  static std::string clip() { return stream_clip("h264-first-sound"); }
  // Quick tries, so that a cut costs no time.
  std::string hasty_source(const std::string& more = {}) {
    return fresh_source("retry-backoff-factor=0.01 timeout=1 " + more);
  }

  // The rules that cut one download at these offsets, and let the last request through.
  static std::string script_of(const std::vector<Cut>& cuts) {
    std::string rules;
    std::uint64_t from = 0;
    for (const auto& cut : cuts) {
      rules += std::string(rules.empty() ? "" : ",") + R"({"route":"result",")" + cut.how +
               "\":" + std::to_string(cut.offset - std::exchange(from, cut.offset)) + "}";
    }
    return R"({"rules":[)" + rules + "]}";
  }

  // The bytes that each request began with.
  std::vector<std::uint64_t> starts() {
    std::vector<std::uint64_t> starts;
    for (const auto& request : emulator().requests("result"))
      starts.push_back(request.range.empty() ? 0 : std::stoull(request.range.substr(6)));
    return starts;
  }

  void expect_hardly_any_refetched(const std::vector<Cut>& cuts) {
    const auto begins = starts();
    ASSERT_EQ(begins.size(), cuts.size() + 1);
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      const auto sent = cuts[i].offset - std::exchange(before, cuts[i].offset);
      const auto end = begins[i] + sent;
      EXPECT_LE(begins[i + 1], end) << "a gap behind cut " << i;
      const bool is_reset = std::string_view(cuts[i].how).starts_with("reset");
      EXPECT_LE(end - begins[i + 1], is_reset ? one_read : 0) << "cut " << i;
    }
  }

  void expect_whole_in_spite_of(const std::vector<Cut>& cuts) {
    emulator().forget_requests();
    emulator().play(script_of(cuts));
    EXPECT_TRUE(streamed(hasty_source()) == file_content(clip()));
    expect_hardly_any_refetched(cuts);
  }

  std::uint64_t size_ = 0;
};

// Stalls take a second each: a few of them here, as many as the others in the long run.
TEST_F(StreamResume, goes_on_where_it_was_cut_at_50_random_offsets_of_one_download) {
  std::mt19937 random(3);
  const bool is_long = std::getenv("MODELVERSE_TEST_LONG") != nullptr;
  for (const auto* how : {"reset_after", "close_after", "stall_after"}) {
    const bool is_stall = std::string_view(how).starts_with("stall");
    std::vector<Cut> cuts(is_stall && !is_long ? 3 : 50);
    for (auto& cut : cuts)
      cut = {how, 1 + random() % (size_ - 1)};
    std::sort(cuts.begin(), cuts.end(),
              [](const Cut& a, const Cut& b) { return a.offset < b.offset; });
    const auto end = std::unique(cuts.begin(), cuts.end(),
                                 [](const Cut& a, const Cut& b) { return a.offset == b.offset; });
    cuts.erase(end, cuts.end());
    SCOPED_TRACE(how);
    expect_whole_in_spite_of(cuts);
  }
}

TEST_F(StreamResume, a_paused_pipeline_does_not_stall_the_download) {
  const auto path = scratch("paused.mp4");
  Pipeline pipeline(fresh_source() + " ! filesink location=" + path);
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  EXPECT_TRUE(wait_for_no_job_threads()) << "the download waits for its reader";
  // A link that expires during the pause harms nobody, and neither does a service that is gone.
  emulator().stop();
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_TRUE(file_content(path) == file_content(clip()));
}

TEST_F(StreamResume, other_bytes_behind_those_that_were_streamed_are_an_error) {
  emulator().play(R"({"rules":[{"route":"result","reset_after":)" + std::to_string(size_ / 2) +
                  R"(},{"route":"result","times":0,"etag":"\"another\"","body_size":)" +
                  std::to_string(size_) + "}]}");
  Pipeline pipeline(hasty_source() + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  ASSERT_TRUE(pipeline.error());
  EXPECT_EQ(pipeline.error()->domain, GST_RESOURCE_ERROR);
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_READ);
  EXPECT_NE(pipeline.error()->text.find("changed on the server"), std::string::npos)
      << pipeline.error()->text;
}

}  // namespace
}  // namespace test_support
