// SPDX-License-Identifier: LGPL-2.1-or-later
// Wherever a job stands, the application is never kept waiting, and nothing is submitted again.
#include <chrono>
#include <filesystem>

#include "fault/matrix.h"
#include "support/test_resolver.h"

namespace test_support {
namespace {

using std::chrono::steady_clock;

// Far above what any of it takes (see the recorded property), far below what the place waits for.
constexpr std::chrono::seconds at_once(5);

struct Place {
  const char* name;
  std::string rule;
  const char* route;  // its first request is there: the place is reached
};

const Place places[] = {
    {"posting", on_submit(R"("delay":0.4)"), "submit"},
    {"waiting_to_post_again", on_submit(R"("status":429,"headers":{"Retry-After":"60"})", for_ever),
     "submit"},
    {"polling", on_poll(R"("delay":60)", for_ever), "status"},
    {"waiting_to_poll_again", on_poll(R"("status":503,"headers":{"Retry-After":"60"})", for_ever),
     "status"},
    {"downloading", on_result(R"("stall_after":300000)", for_ever), "result"},
    {"waiting_to_download_again",
     on_result(R"("status":503,"headers":{"Retry-After":"60"})", for_ever), "result"},
};

struct Action {
  const char* name;
  std::function<void(Pipeline&)> run;
};

std::function<void(Pipeline&)> seek(GstSeekFlags flags) {
  return [flags](Pipeline& pipeline) {
    EXPECT_TRUE(gst_element_seek(pipeline.source(), 1.0, GST_FORMAT_BYTES, flags, GST_SEEK_TYPE_SET,
                                 0, GST_SEEK_TYPE_NONE, 0));
  };
}

void flush(Pipeline& pipeline) {
  gst_element_send_event(pipeline.source(), gst_event_new_flush_start());
  gst_element_send_event(pipeline.source(), gst_event_new_flush_stop(TRUE));
}

const Action actions[] = {
    {"null", [](Pipeline& pipeline) { pipeline.set_state(GST_STATE_NULL); }},
    {"ready_and_playing",
     [](Pipeline& pipeline) {
       pipeline.set_state(GST_STATE_READY);
       pipeline.set_state(GST_STATE_PLAYING);
     }},
    {"flushing_seek", seek(GST_SEEK_FLAG_FLUSH)},
    {"plain_seek", seek(GST_SEEK_FLAG_NONE)},
    {"flush", flush},
    {"eos",
     [](Pipeline& pipeline) { gst_element_send_event(pipeline.source(), gst_event_new_eos()); }},
};

class Interruption : public ElementTest,
                     public testing::WithParamInterface<std::tuple<Place, Action>> {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<EmulatorProcess>(
        std::vector<std::string>{"--generation-time", "0.02", "--clip", clip_path()});
  }
  static void TearDownTestSuite() { shared_.reset(); }
  static std::unique_ptr<EmulatorProcess> shared_;
};
std::unique_ptr<EmulatorProcess> Interruption::shared_;

TEST_P(Interruption, is_over_at_once_and_submits_nothing) {
  // No structured binding: clang 14 does not let a lambda have one.
  const auto& place = std::get<0>(GetParam());
  const auto& action = std::get<1>(GetParam());
  shared_->play("{\"rules\":[" + place.rule + "]}");
  shared_->forget_requests();
  Pipeline pipeline(
      source("poll-interval=5 timeout=100 retry-backoff-max=100 base-url=" + shared_->base_url()) +
      " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(wait_until([&] { return !shared_->requests(place.route).empty(); }));
  const auto before = steady_clock::now();
  action.run(pipeline);
  const auto after_action = steady_clock::now();
  pipeline.set_state(GST_STATE_NULL);
  const auto after_stop = steady_clock::now();
  EXPECT_LT(after_action - before, at_once);
  EXPECT_LT(after_stop - after_action, at_once);
  RecordProperty("action_us",
                 static_cast<int>((after_action - before) / std::chrono::microseconds(1)));
  RecordProperty("stop_us",
                 static_cast<int>((after_stop - after_action) / std::chrono::microseconds(1)));
  EXPECT_TRUE(wait_for_no_job_threads());
  EXPECT_EQ(shared_->submits(), 1u);
}

// Before there is any connection: a resolver that is never done.
TEST(InterruptionOfTheResolver, is_over_at_once) {
  gst_init(nullptr, nullptr);
  const ResolverScope resolver(ResolverAnswer::silence);
  ScratchDirectory cache;
  Pipeline pipeline(
      "modelversesrc name=src api-key=any timeout=1 base-url=https://nowhere.test image-path=" +
      ElementTest::picture() + " cache-dir=" + cache.path() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(resolver.wait_asked());
  const auto before = steady_clock::now();
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_LT(steady_clock::now() - before, at_once);
  EXPECT_TRUE(wait_for_no_job_threads());
  EXPECT_TRUE(std::filesystem::is_empty(cache.path()));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, Interruption,
                         testing::Combine(testing::ValuesIn(places), testing::ValuesIn(actions)),
                         [](const auto& shown) {
                           return std::string(std::get<0>(shown.param).name) + "_" +
                                  std::get<1>(shown.param).name;
                         });

}  // namespace
}  // namespace test_support
