// SPDX-License-Identifier: LGPL-2.1-or-later
// One writer and several readers of a growing clip at the same time.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "store/clip.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

// As src/job does it: the writer announces, the readers wait.
class Growth {
 public:
  void announce() {
    const std::lock_guard lock(mutex_);
    ++turn_;
    changed_.notify_all();
  }
  void wait_beyond(const Clip& clip, std::uint64_t offset) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return clip.available() > offset; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned turn_ = 0;
};

constexpr std::uint64_t whole = 6 * 1024 * 1024 + 4711;  // bytes: three windows
constexpr std::size_t step = 40009;                      // bytes a commit

void write_all_of(Clip& clip, Growth& growth) {
  while (clip.available() < whole) {
    ASSERT_TRUE(grow(clip, std::min<std::uint64_t>(clip.available() + step, whole)));
    growth.announce();
  }
}

// From the start to the end, each byte once.
void read_all_of(const Clip& clip, Growth& growth, std::size_t most) {
  std::vector<std::pair<std::uint64_t, Chunk>> held;  // as a pipeline's queue holds buffers
  for (std::uint64_t offset = 0; offset < whole;) {
    growth.wait_beyond(clip, offset);
    Result<Chunk> chunk = clip.read(offset, most);
    ASSERT_TRUE(chunk) << chunk.error().debug;
    ASSERT_GT(chunk->size, 0u);
    ASSERT_LE(chunk->size, most);
    held.emplace_back(offset, *chunk);
    offset += chunk->size;
    if (held.size() < 50)
      continue;
    for (const auto& [start, old] : held)
      ASSERT_TRUE(is_right(old, start));
    held.clear();
  }
  for (const auto& [start, old] : held)
    ASSERT_TRUE(is_right(old, start));
}

// Here and there in what is available, as a demuxer in pull mode.
void read_around(const Clip& clip, const std::atomic<bool>& is_done) {
  std::uint64_t seed = 7;
  do {
    const std::uint64_t available = clip.available();
    if (available == 0)
      continue;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t offset = (seed >> 20) % available;
    const std::size_t size = std::min<std::uint64_t>(10007, available - offset);
    const Result<Chunk> chunk = clip.read_exactly(offset, size);
    ASSERT_TRUE(chunk) << chunk.error().debug;
    ASSERT_EQ(chunk->size, size);
    ASSERT_TRUE(is_right(*chunk, offset));
  } while (!is_done);
}

TEST(ClipThreads, FourReadersGetExactlyTheBytesWhileTheClipGrows) {
  Result<std::shared_ptr<Clip>> made = Clip::make_unlinked();
  ASSERT_TRUE(made);
  Clip& clip = **made;
  Growth growth;
  std::atomic<bool> is_done = false;
  std::vector<std::thread> readers;
  for (const std::size_t most : {std::size_t{65536}, std::size_t{4096}, 2 * clip_block_size})
    readers.emplace_back([&clip, &growth, most] { read_all_of(clip, growth, most); });
  readers.emplace_back([&] { read_around(clip, is_done); });
  std::thread writer([&] { write_all_of(clip, growth); });
  writer.join();
  is_done = true;
  for (std::thread& reader : readers)
    reader.join();
  EXPECT_EQ(clip.available(), whole);
  EXPECT_EQ(*clip.sha256(), sha256_of(text_of(*clip.read_exactly(0, whole))));
}

}  // namespace
}  // namespace modelverse::store
