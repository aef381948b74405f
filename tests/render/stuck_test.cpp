// SPDX-License-Identifier: LGPL-2.1-or-later
// Codecs that hang. Each test has a process of its own: an interruption stays.
#include <chrono>
#include <thread>

#include "film_test.h"
#include "render/film_facts.h"
#include "render/interruption.h"
#include "render/last_frame.h"
#include "stuck_codec.h"

namespace modelverse::render {
namespace {

using Clock = std::chrono::steady_clock;

// Interrupts the process while `wait` runs; returns how long it ran.
template <typename Function>
Clock::duration interrupted_after(std::chrono::milliseconds time, Function wait) {
  const auto begin = Clock::now();
  std::thread other([&] {
    std::this_thread::sleep_for(time);
    interrupt();
  });
  wait();
  const auto taken = Clock::now() - begin;
  other.join();
  return taken;
}

class StuckTest : public FilmTest {
 protected:
  // It would take 30 seconds or more without the interruption.
  static void expect_prompt_end(Clock::duration taken) {
    EXPECT_GE(taken, interruption) << "the decoder does not hang";
    EXPECT_LT(taken, std::chrono::seconds(10));
  }
  static constexpr std::chrono::milliseconds interruption{300};
};

TEST_F(StuckTest, discovery_ends_when_it_is_interrupted) {
  const auto path = clip("a.mp4", "ball", 160, 90);
  test_support::register_stuck_decoder();
  expect_prompt_end(interrupted_after(interruption, [&] { EXPECT_FALSE(examine_clip(path)); }));
}

TEST_F(StuckTest, last_frame_ends_when_it_is_interrupted) {
  const auto path = clip("a.mp4", "ball", 160, 90);
  test_support::register_stuck_decoder();
  expect_prompt_end(interrupted_after(interruption, [&] { EXPECT_FALSE(last_frame(path)); }));
}

TEST_F(StuckTest, film_without_progress_fails) {
  const auto wide = clip("a.mp4", "ball", 160, 90), high = clip("b.mp4", "ball", 90, 160);
  test_support::register_stuck_encoder();
  stall_ = std::chrono::seconds(2);
  EXPECT_NE(make(file("film.mp4"), {wide, high}).find("no progress"), std::string::npos);
  EXPECT_FALSE(g_file_test(file(".film.mp4.part").c_str(), G_FILE_TEST_EXISTS));
}

}  // namespace
}  // namespace modelverse::render
