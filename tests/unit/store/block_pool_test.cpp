// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks that come back, and those that do not.
#include "store/block_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

namespace modelverse::store {
namespace {

TEST(BlockPool, GivesABlockThatCameBackAgain) {
  const BlockPool pool(4096, 2);
  const std::byte* first = pool.take().get();
  EXPECT_EQ(pool.take().get(), first);
}

TEST(BlockPool, GivesNoBlockToTwo) {
  const BlockPool pool(4096, 2);
  const auto one = pool.take();
  const auto other = pool.take();
  EXPECT_NE(one.get(), other.get());
}

TEST(BlockPool, KeepsNoMoreSpareBlocksThanItWasTold) {
  const BlockPool pool(4096, 2);
  std::vector<BlockPool::Block> taken;
  for (int i = 0; i < 6; ++i)
    taken.push_back(pool.take());
  EXPECT_EQ(pool.spare(), 0u);
  taken.clear();
  EXPECT_EQ(pool.spare(), 2u);
}

TEST(BlockPool, MakesItsBlocksInOnePiece) {
  const BlockPool pool(512 * 1024, 4);
  std::vector<BlockPool::Block> taken;
  for (int i = 0; i < 4; ++i)
    taken.push_back(pool.take());
  EXPECT_EQ(pool.spare(), 0u);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(taken[i].get(), taken[0].get() + i * 512 * 1024);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(taken[0].get()) % (2 * 1024 * 1024), 0u);
}

TEST(BlockPool, KeepsAPieceForAsLongAsOneOfItsBlocksIsUsed) {
  const BlockPool pool(4096, 2);
  const auto kept = pool.take();
  kept[0] = std::byte{7};
  { const std::vector others = {pool.take(), pool.take(), pool.take()}; }
  EXPECT_EQ(kept[0], std::byte{7});
}

TEST(BlockPool, IsOutlivedByItsBlocks) {
  std::optional<BlockPool> pool(std::in_place, std::size_t{4096}, std::size_t{2});
  const auto block = pool->take();
  pool.reset();
  block[4095] = std::byte{1};
  EXPECT_EQ(block[4095], std::byte{1});
}

TEST(BlockPool, TakesBlocksBackFromOtherThreads) {
  const BlockPool pool(4096, 4);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pool, t] {
      for (int i = 0; i < 500; ++i) {
        const auto block = pool.take();
        block[0] = std::byte(t);
        std::this_thread::yield();
        ASSERT_EQ(block[0], std::byte(t)) << "somebody else has it";
      }
    });
  }
}

}  // namespace
}  // namespace modelverse::store
