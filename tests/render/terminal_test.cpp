// SPDX-License-Identifier: LGPL-2.1-or-later
// What is on the screen of a terminal.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "element_test.h"
#include "render_test.h"

namespace test_support {
namespace {

// The line-by-line screen that the program's control sequences draw: it moves up a number of lines,
// erases from there, and writes lines that do not wrap.
class Screen {
 public:
  explicit Screen(const std::string& output) {
    std::string text;
    for (std::size_t i = 0; i < output.size(); ++i) {
      if (output[i] == '\x1b')
        i = control(output, i);
      else if (output[i] == '\n')
        lines_.push_back(std::exchange(text, {}));
      else if (output[i] != '\r')
        text += output[i];
    }
    note();
  }

  const std::vector<std::string>& lines() const { return lines_; }
  // All states of the screen.
  const std::vector<std::vector<std::string>>& history() const { return history_; }

 private:
  std::size_t control(const std::string& output, std::size_t at) {
    const auto end = output.find_first_not_of("[0123456789;", at + 1);
    EXPECT_TRUE(output[end] == 'A' || output[end] == 'J') << "neither colours nor other movements";
    if (output[end] == 'A') {
      note();
      const auto up = std::strtoul(output.c_str() + at + 2, nullptr, 10);
      EXPECT_LE(up, lines_.size());
      lines_.resize(lines_.size() - std::min<std::size_t>(up, lines_.size()));
    }
    return end;
  }
  void note() { history_.push_back(lines_); }

  std::vector<std::string> lines_;
  std::vector<std::vector<std::string>> history_;
};

class TerminalTest : public RenderTest {
 protected:
  void SetUp() override {
    RenderTest::SetUp();
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0)
      GTEST_SKIP() << "no pseudo-terminal: /dev/pts is not mounted";
    close(terminal);
  }

  // In a terminal of 80 columns and 24 rows.
  ProcessEnd render_on_terminal(const std::string& type, const std::string& arguments) const {
    auto variables = environment();
    variables["TERM"] = type;
    variables["LC_ALL"] = "C.UTF-8";
    Process process(
        {"script", "-qec",
         "stty columns 80 rows 24; " + from_environment("MODELVERSE_RENDER") + " " + arguments,
         "/dev/null"},
        variables);
    return process.wait();
  }
};

std::size_t count_of(const std::vector<std::string>& lines, const std::string& begin) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const auto& line) { return line.starts_with(begin); }));
}

TEST_F(TerminalTest, has_one_line_for_each_active_shot_and_a_total) {
  start_emulator(
      {"--generation-time", "1", "--max-tasks", "2", "--clip", ElementTest::clip_path()});
  // A model without a warning.
  const auto shots = list(R"({"defaults": {"image": "PICTURE", "model": "viduq2-pro-fast"},
    "shots": [{"id": "s0", "prompt": "0"}, {"id": "s1", "prompt": "1"}, {"id": "s2", "prompt": "2"},
              {"id": "s3", "prompt": "3"}]})");
  const auto end = render_on_terminal("xterm", "--jobs 4 " + shots);
  EXPECT_EQ(end.exit_code, 0) << end.output;
  const Screen screen(end.output);
  std::size_t most = 0;
  for (const auto& lines : screen.history()) {
    // A shot that was put back after a 429 has no line until it is started again.
    for (const std::string shot : {"s0  ", "s1  ", "s2  ", "s3  "})
      EXPECT_LE(count_of(lines, shot), 1u);
    EXPECT_LE(lines.size(), 5u) << "nothing scrolls";
    most = std::max(most, lines.size());
  }
  EXPECT_GE(most, 3u);
  ASSERT_EQ(screen.lines().size(), 1u) << end.output;
  EXPECT_EQ(screen.lines()[0].rfind("4 shots: 4 made", 0), 0u) << screen.lines()[0];
}

TEST_F(TerminalTest, keeps_the_bars_in_line_behind_east_asian_names_and_warns_once) {
  start_emulator({"--generation-time", "1", "--clip", ElementTest::clip_path()});
  const auto shots = list(R"({"defaults": {"image": "PICTURE"}, "shots": [
    {"id": "海湾", "prompt": "波浪"}, {"id": "storm", "prompt": "风暴"}]})");
  const auto end = render_on_terminal("xterm", shots);
  EXPECT_EQ(end.exit_code, 0) << end.output;
  // Two characters of two columns, and five of one.
  EXPECT_NE(end.output.find("海湾   ░"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("storm  ░"), std::string::npos) << end.output;
  // The default model is withdrawn.
  const auto warning = end.output.find(" and 1 more: warning: ");
  EXPECT_NE(warning, std::string::npos) << end.output;
  EXPECT_EQ(end.output.find("warning: ", warning + 20), std::string::npos) << end.output;
}

TEST_F(TerminalTest, that_cannot_move_the_cursor_gets_a_log) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  const auto end = render_on_terminal("dumb", list_of(1));
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(end.output.find('\x1b'), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("s0: done"), std::string::npos) << end.output;
}

}  // namespace
}  // namespace test_support
