// SPDX-License-Identifier: LGPL-2.1-or-later
// Who keeps a job alive.
#include "job/board.h"

#include <gtest/gtest.h>

#include <new>

namespace modelverse::job {
namespace {

TEST(Board, stops_the_job_when_the_last_reader_leaves) {
  Board board;
  EXPECT_TRUE(board.join());
  EXPECT_TRUE(board.join());
  board.leave();
  EXPECT_FALSE(board.stop_token().stop_requested());
  board.leave();
  EXPECT_TRUE(board.stop_token().stop_requested());
  EXPECT_FALSE(board.join());
}

TEST(Board, lets_a_post_finish_before_it_stops) {
  Board board;
  board.join();
  board.begin_post(std::chrono::seconds(1));
  board.leave();
  EXPECT_FALSE(board.stop_token().stop_requested());
  board.end_post();
  EXPECT_TRUE(board.stop_token().stop_requested());
  EXPECT_FALSE(board.join());
}

TEST(Board, goes_on_when_a_reader_comes_back_during_the_post) {
  Board board;
  board.join();
  board.begin_post(std::chrono::seconds(1));
  board.leave();
  EXPECT_TRUE(board.join());
  board.end_post();
  EXPECT_FALSE(board.stop_token().stop_requested());
}

TEST(Board, ends_a_post_whatever_ends_its_scope) {
  Board board;
  board.join();
  try {
    const Posting posting(board, std::chrono::seconds(7));
    EXPECT_TRUE(posting);
    EXPECT_TRUE(board.lock()->is_posting);
    EXPECT_EQ(board.lock()->longest_post, std::chrono::seconds(7));
    throw std::bad_alloc();
  } catch (const std::bad_alloc&) {
  }
  EXPECT_FALSE(board.lock()->is_posting);
  board.leave();
  EXPECT_FALSE(Posting(board, std::chrono::seconds(7)));
}

TEST(Board, is_closed_by_a_failure) {
  Board board;
  board.join();
  board.fail({.code = ErrorCode::read, .text = "no", .debug = {}});
  EXPECT_FALSE(board.join());
  EXPECT_EQ(board.lock()->error->text, "no");
}

TEST(Board, announces_a_status_once) {
  Board board;
  board.set_status(task::Running{});
  board.set_status(task::Running{});
  board.set_status(task::Success{});
  EXPECT_EQ(board.lock()->events.size(), 2u);
}

TEST(Board, takes_back_only_what_nobody_has_seen) {
  Board board;
  board.grow(100);
  board.lock()->served = 50;
  EXPECT_TRUE(board.shrink(50));
  EXPECT_EQ(board.lock()->available, 50u);
  EXPECT_FALSE(board.shrink(49));
  EXPECT_EQ(board.lock()->available, 50u);
}

}  // namespace
}  // namespace modelverse::job
