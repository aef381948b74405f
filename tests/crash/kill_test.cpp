// SPDX-License-Identifier: LGPL-2.1-or-later
// kill -9 at random instants over the whole life of a clip. MODELVERSE_KILLS: how many;
// MODELVERSE_SEED: another sequence.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <mutex>

#include "element/element_test.h"
#include "life.h"
#include "support/threads.h"

namespace test_support {
namespace {

constexpr unsigned workers = 4;       // mostly they wait
constexpr unsigned kills_a_life = 4;  // at most

// Slow enough that each step is there to be hit.
constexpr const char* script = R"({"rules":[
  {"route":"submit","delay":0.04,"times":0},
  {"route":"result","bytes_per_second":20000000,"times":0}]})";

class Campaign {
 public:
  Campaign(unsigned kills, unsigned seed) : kills_(kills), seed_(seed) {
    emulator_.play(script);
    durations_ = Life(emulator_, "undisturbed", seed).time_steps();
  }

  Tally run() {
    on_threads(workers, [this](unsigned) { work(); });
    return tally_;
  }

  // One submit was for the undisturbed life.
  std::size_t submits() const { return emulator_.tasks().size() - 1; }

 private:
  void work() {
    for (;;) {
      const unsigned number = ++lives_;
      const unsigned kills = take_kills(number);
      if (kills == 0)
        return;
      Life life(emulator_, "life " + std::to_string(number), seed_ + number);
      const auto tally = life.live_through(kills, durations_);
      const std::lock_guard lock(mutex_);
      tally_.add(tally);
      // A life that came to its end before gives back what it was to suffer.
      left_to_give_ += kills - tally.all_kills();
    }
  }

  unsigned take_kills(unsigned number) {
    const std::lock_guard lock(mutex_);
    const unsigned kills = std::min(left_to_give_, 1 + number % kills_a_life);
    left_to_give_ -= kills;
    return kills;
  }

  const unsigned kills_;
  const unsigned seed_;
  EmulatorProcess emulator_{{"--clip", ElementTest::clip_path(), "--generation-time", "0.15"}};
  Durations durations_;
  std::atomic<unsigned> lives_ = 0;
  std::mutex mutex_;
  unsigned left_to_give_ = kills_;
  Tally tally_;
};

constexpr Hit hits[] = {Hit::before,      Hit::posting,    Hit::accepted,  Hit::polling,
                        Hit::downloading, Hit::completing, Hit::delivering};

void print(const Tally& tally) {
  for (const auto hit : hits) {
    const auto found = tally.kills.find(hit);
    std::cout << "  " << (found == tally.kills.end() ? 0 : found->second) << "\t" << hit_name(hit)
              << "\n";
  }
  std::cout << "  " << tally.all_kills() << "\tkills in all\n  " << tally.clips
            << "\tclips wanted and arrived, " << tally.submits << " submits accepted\n  "
            << tally.unknown() << "\tunknown outcomes refused: " << tally.adopted
            << " then adopted, " << tally.resubmitted << " resubmitted, of which "
            << tally.paid_again << " paid again\n";
}

TEST(Kill, at_random_instants_loses_no_clip_and_pays_no_clip_twice) {
  const auto kills = number_from("MODELVERSE_KILLS", 60);
  const auto seed = number_from("MODELVERSE_SEED", std::random_device()());
  std::cout << "MODELVERSE_SEED=" << seed << "\n";
  Campaign campaign(kills, seed);
  const auto tally = campaign.run();
  print(tally);
  EXPECT_EQ(tally.all_kills(), kills);
  EXPECT_EQ(campaign.submits(), tally.submits);
  EXPECT_EQ(tally.submits, tally.clips + tally.paid_again);
  // With fewer kills chance may leave one out.
  for (const auto hit : hits)
    EXPECT_TRUE(kills < 1000 || tally.kills.contains(hit)) << hit_name(hit);
}

}  // namespace
}  // namespace test_support
