// SPDX-License-Identifier: LGPL-2.1-or-later
// gst-launch-1.0 and gst-discoverer-1.0 as a person runs them.
#include <signal.h>

#include <regex>

#include "element_test.h"
#include "support/process.h"

namespace test_support {
namespace {

class Launch : public ElementTest {
 protected:
  static std::vector<std::string> launch(const std::string& pipeline) {
    return shell_words("gst-launch-1.0 " + pipeline);
  }

  std::map<std::string, std::string> traced() {
    auto variables = environment();
    variables.insert(
        {{"GST_TRACERS", "leaks"}, {"GST_DEBUG", "GST_TRACER:7"}, {"GST_DEBUG_NO_COLOR", "1"}});
    return variables;
  }
  // The leaks tracer's findings; it also logs the format of its records, with "%s" for the type.
  static std::string leaks_in(const std::string& output) {
    std::smatch found;
    const std::regex alive(R"(object-alive, type-name=\(string\)[^%].*)");
    return std::regex_search(output, found, alive) ? found.str() : std::string();
  }

  std::map<std::string, std::string> environment() {
    return {{"MODELVERSE_API_KEY", "test-key-3f9a"}};
  }
};

TEST_F(Launch, shows_the_progress_and_ends_with_0_at_eos) {
  start_emulator({"--generation-time", "1"});
  const auto path = cache_dir() + "/out.mp4";
  Process process(launch(source() + " ! filesink location=" + path), environment());
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_NE(end.output.find("Submitting"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("Generating: Running"), std::string::npos) << end.output;
  EXPECT_EQ(file_content(path), file_content(clip_path()));
}

TEST_F(Launch, tells_the_debug_log_what_is_tried_again_and_why_a_clip_is_made) {
  start_emulator({"--generation-time", "0.1"});
  emulator().play(R"({"rules":[{"route":"status","status":503,"times":1}]})");
  auto variables = environment();
  variables.insert({{"GST_DEBUG", "modelverse:5"}, {"GST_DEBUG_NO_COLOR", "1"}});
  const auto log = [&] {
    Process process(launch(source() + " ! fakesink"), variables);
    return process.wait().output;
  };
  const auto first = log();
  for (const char* line : {"making a new task", "HTTP 503", "success: "})
    EXPECT_NE(first.find(line), std::string::npos) << line << " is missing:\n" << first;
  EXPECT_EQ(first.find("test-key-3f9a"), std::string::npos);
  const auto second = log();
  EXPECT_NE(second.find("clip is cached"), std::string::npos) << second;
}

// Word for word: what is between the quotes in a shell is one argument.
TEST_F(Launch, sends_the_extras_of_the_documentation) {
  start_emulator({"--generation-time", "0.1"});
  const auto page = file_content(from_environment("MODELVERSE_TEST_DOCUMENTS") + "/models.md");
  const auto start = page.find("extra-parameters='x, ");
  ASSERT_NE(start, std::string::npos);
  const auto end = page.find('\'', page.find('\'', start) + 1);
  Process process(launch(bare_source("model=kling-video-o1 prompt=\"it rains\" " +
                                     page.substr(start, end + 1 - start)) +
                         " ! fakesink"),
                  environment());
  const auto said = process.wait();
  EXPECT_EQ(said.exit_code, 0) << said.output;
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find(R"("aspect_ratio":"9:16","image_list":[{"image_url":"https://...")"),
            std::string::npos)
      << body;
}

TEST_F(Launch, ctrl_c_while_generating_ends_it_and_the_next_run_goes_on) {
  start_emulator({"--generation-time", "3"});
  {
    Process process(launch(source() + " ! fakesink"), environment());
    ASSERT_TRUE(process.wait_for_output("Generating: "));
    process.send_signal(SIGINT);
    const auto end = process.wait();
    EXPECT_EQ(end.signal, 0) << end.output;
  }
  Process again(launch(source() + " ! fakesink"), environment());
  EXPECT_EQ(again.wait().exit_code, 0);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Launch, ctrl_c_while_submitting_still_learns_the_task) {
  start_emulator({"--generation-time", "0.2"});
  emulator().play(R"({"rules":[{"route":"submit","delay":6}]})");
  {
    auto variables = environment();
    variables["G_DEBUG"] = "fatal-warnings";
    Process process(launch(source("timeout=1") + " ! fakesink"), variables);
    ASSERT_TRUE(process.wait_for_output("Submitting"));
    // The phase begins before the POST does.
    ASSERT_TRUE(wait_until([&] { return !emulator().tasks().empty(); }));
    process.send_signal(SIGINT);
    const auto end = process.wait();
    EXPECT_EQ(end.signal, 0) << end.output;
    EXPECT_NE(end.output.find("response to a submit"), std::string::npos)
        << "why it waits: " << end.output;
  }
  Process again(launch(source() + " ! fakesink"), environment());
  const auto end = again.wait();
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Launch, the_leaks_tracer_finds_nothing_after_a_whole_run) {
  start_emulator({"--generation-time", "0.5"});
  const auto variables = traced();
  Process process(launch(source() + " ! qtdemux name=d d.video_0 ! queue ! fakesink d.audio_0 "
                                    "! queue ! fakesink"),
                  variables);
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(leaks_in(end.output), "");
  Process filter(launch("videotestsrc num-buffers=5 ! " + animator("frame=last") + " ! fakesink"),
                 variables);
  const auto end_of_filter = filter.wait();
  EXPECT_EQ(end_of_filter.exit_code, 0) << end_of_filter.output;
  EXPECT_EQ(leaks_in(end_of_filter.output), "");
}

TEST_F(Launch, the_leaks_tracer_finds_nothing_after_an_error_and_after_ctrl_c) {
  start_emulator({"--generation-time", "1000"});
  const auto variables = traced();
  Process interrupted(launch(source() + " ! fakesink"), variables);
  ASSERT_TRUE(interrupted.wait_for_output("Generating: "));
  interrupted.send_signal(SIGINT);
  EXPECT_EQ(leaks_in(interrupted.wait().output), "");
  // gst-launch-1.0 waits for ever after an error between its set_state() and its main loop, so the
  // error comes from the network.
  emulator().play(R"({"rules":[{"route":"submit","status":400,"delay":0.5,"times":0}]})");
  const auto frame = "videotestsrc num-buffers=1 ! " + animator("prompt=another");
  for (const std::string& failing : {std::string("modelversesrc"), frame}) {
    Process process(launch(failing + " ! fakesink"), variables);
    const auto end = process.wait();
    EXPECT_GT(end.exit_code, 0) << end.output;
    EXPECT_EQ(leaks_in(end.output), "") << failing;
  }
}

TEST_F(Launch, the_discoverer_gives_up_and_finds_the_finished_clip_the_next_time) {
  start_emulator({"--generation-time", "4"});
  const auto uri =
      "modelverse://" + picture() + "?prompt=a%20test&base-url=" + emulator().base_url();
  auto variables = environment();
  variables["MODELVERSE_CACHE_DIR"] = cache_dir();
  Process first({"gst-discoverer-1.0", "-t", "1", uri}, variables);
  const auto said = first.wait().output;
  EXPECT_NE(said.find("timed out"), std::string::npos) << said;
  Pipeline meanwhile(source("prompt=\"a test\"") + " ! fakesink");
  ASSERT_TRUE(meanwhile.run());
  Process second({"gst-discoverer-1.0", "-v", uri}, variables);
  const auto end = second.wait();
  EXPECT_NE(end.output.find("H.264"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("Duration: 0:00:04"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("title: a test"), std::string::npos) << end.output;
  EXPECT_EQ(emulator().submits(), 1u);
}

}  // namespace
}  // namespace test_support
