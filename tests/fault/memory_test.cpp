// SPDX-License-Identifier: LGPL-2.1-or-later
// However much a service sends, the element keeps little of it. tests/unit has the limits of heads,
// bodies, JSON and clips.
#include "fault/matrix.h"
#include "fault/player_test.h"

namespace test_support {
namespace {

// What a process with the element may need more than one whose service is well.
constexpr long allowance = 12 * 1024;  // KiB

class Memory : public PlayerTest {
 protected:
  void SetUp() override {
    PlayerTest::SetUp();
    start_emulator({"--generation-time", "0.02"});
  }
  // KiB of a process that gets the clip although the service plays these rules.
  long peak_with(const std::string& rules) const {
    emulator().play("{\"rules\":[" + rules + "]}");
    const auto end =
        play(source("poll-interval=5 retry-backoff-factor=0.001 cache-mode=off") + " ! fakesink");
    EXPECT_EQ(end.exit_code, 0) << end.output;
    return peak_memory(end);
  }
};

TEST_F(Memory, stays_bounded) {
  const auto usual = peak_with("");
  std::string values;
  for (int i = 0; i < 300'000; ++i)
    values += R"(\"\",)";
  for (const auto& rule :
       {on_poll(R"("body_size":1073741824)", 3),
        on_poll(R"("body":"{\"output\":{\"task_status\":\"Success\",\"urls\":[)" + values +
                    R"(\"\"]}}")",
                3)}) {
    const auto peak = peak_with(rule);
    RecordProperty("peak_kib", static_cast<int>(peak));
    EXPECT_LT(peak, usual + allowance) << rule.substr(0, 100);
  }
}

}  // namespace
}  // namespace test_support
