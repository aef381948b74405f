// SPDX-License-Identifier: LGPL-2.1-or-later
// Who passes, in which order, and how a wait ends.
#include "job/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace modelverse::job {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

struct GateForTwo : testing::Test {
  Gate gate{[](std::size_t inside) { return inside < 2; }};
  std::optional<Gate::Pass> first = gate.try_enter();
  std::optional<Gate::Pass> second = gate.try_enter();
};

TEST_F(GateForTwo, lets_two_in_and_no_third) {
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
  EXPECT_FALSE(gate.try_enter());
}

TEST_F(GateForTwo, lets_the_next_in_when_one_leaves) {
  auto third = std::async(std::launch::async, [&] { return gate.enter({}, [] {}); });
  EXPECT_EQ(third.wait_for(20ms), std::future_status::timeout);
  first.reset();
  ASSERT_EQ(third.wait_for(patience), std::future_status::ready);
  EXPECT_TRUE(third.get());
}

// A gate counts those who wait by asking nobody: that one waits is seen by his saying so.
TEST_F(GateForTwo, is_passed_in_the_order_of_arrival) {
  constexpr int many = 3;
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < many; ++i) {
    std::promise<void> waits;
    threads.emplace_back([&, i, &waits = waits] {
      const auto pass = gate.enter({}, [&] { waits.set_value(); });
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
    ASSERT_EQ(waits.get_future().wait_for(patience), std::future_status::ready);
  }
  EXPECT_FALSE(gate.try_enter()) << "past those who wait";
  first.reset();
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST_F(GateForTwo, is_not_waited_for_any_longer_when_it_is_stopped) {
  std::stop_source stop;
  auto third = std::async(std::launch::async, [&] { return gate.enter(stop.get_token(), [] {}); });
  auto fourth = std::async(std::launch::async, [&] { return gate.enter({}, [] {}); });
  EXPECT_EQ(third.wait_for(20ms), std::future_status::timeout);
  stop.request_stop();
  ASSERT_EQ(third.wait_for(100ms), std::future_status::ready);
  EXPECT_FALSE(third.get());
  first.reset();
  ASSERT_EQ(fourth.wait_for(patience), std::future_status::ready);
  EXPECT_TRUE(fourth.get());
}

TEST_F(GateForTwo, is_not_passed_by_who_is_stopped_already) {
  first.reset();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(gate.enter(stop.get_token(), [] {}));
  EXPECT_TRUE(gate.try_enter());
}

TEST_F(GateForTwo, says_once_that_it_takes_long) {
  std::promise<void> told;
  auto third =
      std::async(std::launch::async, [&] { return gate.enter({}, [&] { told.set_value(); }); });
  ASSERT_EQ(told.get_future().wait_for(patience), std::future_status::ready);
  first.reset();
  EXPECT_TRUE(third.get());
}

TEST_F(GateForTwo, is_open_to_the_next_after_an_exception_of_a_waiting_one) {
  EXPECT_THROW((void)gate.enter({}, [] { throw std::bad_alloc(); }), std::bad_alloc);
  first.reset();
  EXPECT_TRUE(gate.try_enter());
}

TEST(GateWithoutRoom, lets_one_in_whatever_the_room) {
  Gate gate([](std::size_t) { return false; });
  auto pass = gate.try_enter();
  EXPECT_TRUE(pass);
  EXPECT_FALSE(gate.try_enter());
  pass.reset();
  EXPECT_TRUE(gate.enter({}, [] {}));
}

// The application closes a file: nobody leaves.
TEST(GateWithoutRoom, sees_room_that_somebody_else_makes) {
  std::atomic<bool> has_room = false;
  Gate gate([&](std::size_t) { return has_room.load(); });
  const auto first = gate.try_enter();
  auto second = std::async(std::launch::async, [&] { return gate.enter({}, [] {}); });
  EXPECT_EQ(second.wait_for(20ms), std::future_status::timeout);
  has_room = true;
  EXPECT_TRUE(second.get());
}

}  // namespace
}  // namespace modelverse::job
