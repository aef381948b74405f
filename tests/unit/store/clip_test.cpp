// SPDX-License-Identifier: LGPL-2.1-or-later
// The growing clip: what is committed is what is read, from memory at the edge, from the file
// below.
#include "store/clip.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

struct ClipTest : testing::Test {
  std::shared_ptr<Clip> clip_ = *Clip::make_unlinked();
};

TEST_F(ClipTest, IsEmptyAtFirst) {
  EXPECT_EQ(clip_->available(), 0u);
  EXPECT_FALSE(clip_->read(0, 1));
  EXPECT_EQ(*clip_->sha256(), sha256_of(""));
}

TEST_F(ClipTest, IsInAFileWithoutAName) {
  std::vector<std::string> files;
  for (const auto& fd : std::filesystem::directory_iterator("/proc/self/fd"))
    if (const auto file = std::filesystem::read_symlink(fd).string();
        file.find("modelverse-clip-") != std::string::npos)
      files.push_back(file);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_TRUE(files[0].ends_with(" (deleted)")) << files[0];
}

TEST_F(ClipTest, IsFullInMemoryAtItsLimit) {
  clip_ = *Clip::make_in_memory(10'000);
  ASSERT_TRUE(grow(*clip_, 10'000));
  const auto full = grow(*clip_, 10'001);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::open_write);
  EXPECT_EQ(clip_->available(), 10'000u);
}

TEST_F(ClipTest, GivesTheReaderAtTheEdgeTheVeryMemoryThatWasReceived) {
  const std::byte* received = clip_->space().data();
  ASSERT_TRUE(grow(*clip_, 5000));
  const Result<Chunk> chunk = clip_->read(1000, 100000);
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->data, received + 1000);
  EXPECT_EQ(chunk->size, 4000u);
  EXPECT_TRUE(is_right(*chunk, 1000));
}

TEST_F(ClipTest, JoinsSmallCommitsOfOneBlockIntoOneChunk) {
  ASSERT_TRUE(grow(*clip_, 10000, 100));
  const Result<Chunk> chunk = clip_->read(0, clip_block_size);
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->size, 10000u);
  EXPECT_TRUE(is_right(*chunk, 0));
}

TEST_F(ClipTest, ReadsWhatLeftTheWindowFromTheFile) {
  const std::uint64_t size = (clip_window_blocks + 3) * clip_block_size + 17;
  ASSERT_TRUE(grow(*clip_, size));
  const Result<Chunk> old = clip_->read(5, size);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->size, clip_block_size) << "one block at most, so that nobody waits for more";
  EXPECT_TRUE(is_right(*old, 5));
  const Result<Chunk> fresh = clip_->read(5, size);
  EXPECT_NE(fresh->data, old->data) << "not in memory any more";
  const Result<Chunk> edge = clip_->read(size - 1, size);
  ASSERT_TRUE(edge);
  EXPECT_EQ(edge->data, clip_->read(size - 1, 1)->data) << "still in memory";
}

TEST_F(ClipTest, KeepsTheLastBlocksInMemory) {
  ASSERT_TRUE(grow(*clip_, (clip_window_blocks + 1) * clip_block_size));
  EXPECT_NE(clip_->read(0, 1)->data, clip_->read(0, 1)->data);
  EXPECT_EQ(clip_->read(clip_block_size, 1)->data, clip_->read(clip_block_size, 1)->data);
}

TEST_F(ClipTest, ReadsFromTheFileWhenItsBlocksAreReleased) {
  ASSERT_TRUE(grow(*clip_, 3 * clip_block_size + 17));
  const Chunk before = *clip_->read(2 * clip_block_size, 1000);
  clip_->release_blocks();
  const Result<Chunk> after = clip_->read(2 * clip_block_size, 1000);
  ASSERT_TRUE(after);
  EXPECT_NE(after->data, before.data);
  EXPECT_TRUE(is_right(*after, 2 * clip_block_size));
  EXPECT_TRUE(is_right(before, 2 * clip_block_size));
  ASSERT_TRUE(grow(*clip_, 3 * clip_block_size + 1000)) << "and may grow again";
  EXPECT_TRUE(is_right(*clip_->read(3 * clip_block_size + 17, 900), 3 * clip_block_size + 17));
}

TEST_F(ClipTest, KeepsAChunkAliveAndUnchangedForAsLongAsItsReaderWants) {
  ASSERT_TRUE(grow(*clip_, 1000));
  const Chunk chunk = *clip_->read(0, 1000);
  ASSERT_TRUE(grow(*clip_, 20 * clip_block_size));
  ASSERT_TRUE(clip_->truncate(0));
  std::memset(clip_->space().data(), 'x', 1000);
  ASSERT_TRUE(clip_->commit(1000));
  EXPECT_TRUE(is_right(chunk, 0));
  clip_.reset();
  EXPECT_TRUE(is_right(chunk, 0));
}

TEST_F(ClipTest, ReadsExactlyWhatIsAskedForAcrossBlocksAndTheWindowsEdge) {
  const std::uint64_t size = 12 * clip_block_size;
  ASSERT_TRUE(grow(*clip_, size, 70001));
  for (const std::uint64_t offset :
       {std::uint64_t{0}, std::uint64_t{clip_block_size} * 3 + 7, size - 3 * clip_block_size}) {
    const Result<Chunk> chunk = clip_->read_exactly(offset, 2 * clip_block_size + 1);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->size, 2 * clip_block_size + 1);
    EXPECT_TRUE(is_right(*chunk, offset));
  }
  EXPECT_EQ(clip_->read_exactly(size, 0)->size, 0u);
}

TEST_F(ClipTest, RefusesToReadWhatIsNotThereYet) {
  ASSERT_TRUE(grow(*clip_, 100));
  EXPECT_FALSE(clip_->read(100, 1));
  EXPECT_FALSE(clip_->read(0, 0));
  EXPECT_FALSE(clip_->read_exactly(99, 2));
  EXPECT_FALSE(clip_->read_exactly(101, 0));
  EXPECT_FALSE(clip_->read_exactly(1, SIZE_MAX)) << "no overflow";
  EXPECT_EQ(clip_->read(100, 1).error().code, ErrorCode::open_read);
}

TEST_F(ClipTest, EndsItsBlocksOnMultiplesOfTheirSizeInTheFile) {
  const auto to_boundary = [&] { return clip_block_size - clip_->available() % clip_block_size; };
  for (int round = 0; round < 40; ++round) {
    ASSERT_EQ(clip_->space().size(), to_boundary());
    ASSERT_TRUE(grow(*clip_, clip_->available() + 30011));
  }
  EXPECT_TRUE(is_right(*clip_->read_exactly(0, clip_->available()), 0));
  ASSERT_TRUE(clip_->truncate(123456));
  ASSERT_TRUE(grow(*clip_, 3 * clip_block_size + 1));
  EXPECT_EQ(clip_->space().size(), to_boundary()) << "a cut is forgotten after a block";
}

TEST_F(ClipTest, RefusesACommitOfMoreThanItsSpace) {
  EXPECT_FALSE(clip_->commit(1)) << "space() was not called";
  const std::size_t space = clip_->space().size();
  EXPECT_FALSE(clip_->commit(space + 1));
  EXPECT_EQ(clip_->available(), 0u);
  EXPECT_TRUE(clip_->commit(0));
}

TEST_F(ClipTest, HashesWhileItGrows) {
  ASSERT_TRUE(grow(*clip_, 300000, 999));
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 300000)));
  ASSERT_TRUE(grow(*clip_, 600000));
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 600000)));
}

TEST_F(ClipTest, SaysThatItsFileWasCut) {
  const TemporaryDirectory directory;
  write_file(directory.in("file"), "abc");
  Clip clip(open_for_reading(directory.in("file")), 4, "the file");
  const auto sum = clip.sha256();
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code, ErrorCode::open_read);
  EXPECT_NE(sum.error().text.find("the file"), std::string::npos);
}

TEST_F(ClipTest, TruncatesInMemoryInTheFileAndInTheHash) {
  ASSERT_TRUE(grow(*clip_, 600000));
  ASSERT_TRUE(clip_->truncate(1234));
  EXPECT_EQ(clip_->available(), 1234u);
  EXPECT_EQ(clip_->read(0, 5000)->size, 1234u);
  EXPECT_FALSE(clip_->read(1234, 1));
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 1234)));
  ASSERT_TRUE(grow(*clip_, 700000));
  EXPECT_TRUE(is_right(*clip_->read_exactly(0, 700000), 0));
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 700000)));
  EXPECT_FALSE(clip_->truncate(700001)) << "it cannot grow by truncation";
}

TEST_F(ClipTest, MakesNothingAvailableOfAFailedWriteAndGoesOnAfterIt) {
  ASSERT_TRUE(grow(*clip_, 50000));
  {
    const FileSizeLimit limit(100000);
    // The kernel takes 50000 of these bytes in a short write and refuses the rest.
    const Status grown = grow(*clip_, 150000);
    ASSERT_FALSE(grown);
    EXPECT_EQ(grown.error().code, ErrorCode::open_write);
    EXPECT_NE(grown.error().debug.find("File too large"), std::string::npos);
    EXPECT_EQ(clip_->available(), 50000u);
    EXPECT_FALSE(clip_->read(50000, 1));
  }
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 50000)));
  ASSERT_TRUE(grow(*clip_, 150000));
  EXPECT_TRUE(is_right(*clip_->read_exactly(0, 150000), 0));
  EXPECT_EQ(*clip_->sha256(), sha256_of(bytes_between(0, 150000)));
}

}  // namespace
}  // namespace modelverse::store
