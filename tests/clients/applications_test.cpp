// SPDX-License-Identifier: LGPL-2.1-or-later
// The applications of examples/, built and run.
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "client_test.h"

namespace test_support {
namespace {

class Applications : public ClientTest {
 protected:
  void expect_clip(const std::string& path) {
    EXPECT_TRUE(file_content(path) == file_content(small_clip())) << path;
  }
  std::vector<std::string> cpp(const std::string& clip) const {
    return {built_example("animate"), picture(), "a test", clip};
  }
};

bool has(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

TEST_F(Applications, the_one_in_cpp_shows_a_bar_and_writes_the_file) {
  const auto said = run(cpp(file("out.mp4")));
  expect_clip(file("out.mp4"));
  EXPECT_TRUE(has(said, "[......")) << said;
  EXPECT_TRUE(has(said, "Downloading the clip")) << said;
  EXPECT_TRUE(has(said, "[##############################] 100 %")) << said;
}

TEST_F(Applications, ctrl_c_in_the_one_in_cpp_keeps_the_task_for_the_next_run) {
  start_emulator({"--generation-time", "3", "--clip", small_clip()});
  {
    Process interrupted(cpp(file("out.mp4")), environment());
    ASSERT_TRUE(interrupted.wait_for_output("Generating: "));
    interrupted.send_signal(SIGINT);
    const auto end = interrupted.wait();
    EXPECT_EQ(end.exit_code, 130);
    EXPECT_TRUE(has(end.output, "The same command resumes it")) << end.output;
    EXPECT_EQ(file_content(file("out.mp4.part")), "");
  }
  run(cpp(file("out.mp4")));
  expect_clip(file("out.mp4"));
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Applications, the_one_in_cpp_tells_how_a_task_is_gone_on_with) {
  emulator().play(R"({"rules":[{"route":"status","status":403,"times":0,"body":"{}"}]})");
  Process process(cpp(file("out.mp4")), environment());
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_TRUE(has(end.output, "To resume it: modelversesrc task-id=")) << end.output;
}

TEST_F(Applications, the_one_in_c_writes_the_file_and_knows_when_it_was_kept) {
  const std::vector<std::string> command = {built_example("animate-c"), picture(), "a test",
                                            file("out.mp4")};
  const auto first = run(command);
  expect_clip(file("out.mp4"));
  EXPECT_TRUE(has(first, ": pending")) << first;
  EXPECT_TRUE(has(first, "(new)")) << first;
  EXPECT_TRUE(has(run(command), "(from the cache)"));
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Applications, an_earlier_clip_stays_where_the_new_one_fails) {
  const auto clip = file("out.mp4");
  for (const auto& command : std::vector<std::vector<std::string>>{
           {built_example("animate"), "/no/such.jpg", "a test", clip},
           {built_example("animate-c"), "/no/such.jpg", "a test", clip},
           {"/usr/bin/python3", example("python/animate.py"), clip, "a test", "/no/such.jpg"}}) {
    std::ofstream(clip) << "earlier";
    Process process(command, environment());
    const auto end = process.wait();
    EXPECT_EQ(end.exit_code, 1) << end.output;
    EXPECT_TRUE(has(end.output, "/no/such.jpg")) << end.output;
    EXPECT_EQ(file_content(clip), "earlier") << command[0];
    EXPECT_FALSE(std::filesystem::exists(clip + ".part")) << command[0];
  }
}

TEST_F(Applications, the_one_in_python_awaits_two_clips_at_once) {
  const auto other = file("other.jpg");
  run({"gst-launch-1.0", "-q", "videotestsrc", "num-buffers=1", "!",
       "video/x-raw,width=1280,height=720", "!", "jpegenc", "!", "filesink", "location=" + other});
  const auto said = run({"/usr/bin/python3", example("python/animate.py"), file("out.mp4"),
                         "a test", picture(), other});
  expect_clip(file("out-1.mp4"));
  expect_clip(file("out-2.mp4"));
  EXPECT_TRUE(has(said, "out-1.mp4:   0 %  Submitting")) << said;
  EXPECT_TRUE(has(said, "out-2.mp4: 100 %  ")) << said;
  EXPECT_EQ(emulator().submits(), 2u);
}

// Two seconds that take five to arrive: it plays when most of them are here.
TEST_F(Applications, those_that_play_wait_for_enough_of_the_clip) {
  start_emulator({"--generation-time", "0", "--clip",
                  from_environment("MODELVERSE_TEST_CLIPS") + "/h264-first-sound.mp4"});
  emulator().play(R"({"rules":[{"route":"result","times":0,"bytes_per_second":120000}]})");
  for (std::vector<std::string> command :
       {std::vector<std::string>{built_example("watch")},
        std::vector<std::string>{"/usr/bin/python3", example("python/watch.py")}}) {
    const auto prompt = "a test of " + command.back();
    command.insert(command.end(),
                   {picture(), prompt, "fakevideosink sync=true", "fakesink sync=true"});
    const auto said = run(command);
    const auto begin = said.find("Playing at ");
    ASSERT_NE(begin, std::string::npos) << said;
    const auto percent = std::stoi(said.substr(begin + std::string("Playing at ").size()));
    EXPECT_GE(percent, 50) << said;
    EXPECT_LT(percent, 100) << said;
  }
}

}  // namespace
}  // namespace test_support
