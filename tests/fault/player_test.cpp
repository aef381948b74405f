// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting the player and reading what it prints.
#include "fault/player_test.h"

namespace test_support {

std::vector<std::string> PlayerTest::player(const std::string& pipeline,
                                            std::vector<std::string> wrapper) {
  wrapper.push_back(from_environment("MODELVERSE_TEST_PLAYER"));
  wrapper.push_back(pipeline);
  return wrapper;
}

ProcessEnd PlayerTest::play(const std::string& pipeline,
                            const std::map<std::string, std::string>& environment) {
  Process process(player(pipeline), environment);
  return process.wait();
}

std::string line_of(const std::string& output, const std::string& label) {
  const auto at = ("\n" + output).find("\n" + label + " ");
  if (at == std::string::npos)
    return {};
  const auto start = at + label.size() + 1;
  return output.substr(start, output.find('\n', start) - start);
}

long peak_memory(const ProcessEnd& end) {
  const auto text = line_of(end.output, "PEAK");
  EXPECT_NE(text, "") << end.output;
  return std::strtol(text.c_str(), nullptr, 10);
}

}  // namespace test_support
