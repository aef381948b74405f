// SPDX-License-Identifier: LGPL-2.1-or-later
// An entry's clip: the part that grows, and the finished one that is checked when it is opened.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "api/record_json.h"
#include "store/clip_check.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

constexpr std::uint64_t large = 5'000'000;

using EntryClipTest = SubmittedEntry;

TEST_F(EntryClipTest, StartsAnEmptyPrivatePart) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part) << part.error().debug;
  EXPECT_EQ((*part)->available(), 0u);
  EXPECT_EQ(mode_of(entry_.partial_path()), 0600u);
}

TEST_F(EntryClipTest, GoesOnWhereThePartEnds) {
  { ASSERT_TRUE(grow(**entry_.open_partial(), 400000)); }
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part);
  EXPECT_EQ((*part)->available(), 400000u);
  EXPECT_TRUE(is_right(*(*part)->read(100, 5000), 100));
  ASSERT_TRUE(grow(**part, 500000));
  EXPECT_TRUE(is_right(*(*part)->read_exactly(0, 500000), 0));
  EXPECT_EQ(*(*part)->sha256(), sha256_of(bytes_between(0, 500000)));
}

TEST_F(EntryClipTest, GoesOnBehindAWriteThatFailed) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(grow(**part, 20000));
  {
    const FileSizeLimit limit(50000);  // the write is cut short, then fails
    EXPECT_FALSE(grow(**part, 100000));
  }
  EXPECT_EQ((*entry_.open_partial())->available(), 20000u);
}

// As a crash between complete()'s rename and its record leaves it.
TEST_F(EntryClipTest, TakesAFinishedClipBackUnlessItIsAnotherTasks) {
  ASSERT_TRUE(grow(**entry_.open_partial(), 500000));
  rename("clip.part", "clip.mp4");
  {
    Result<std::shared_ptr<Clip>> part = entry_.open_partial();
    ASSERT_TRUE(part) << part.error().debug;
    EXPECT_EQ((*part)->available(), 500000u);
  }
  rename("clip.part", "clip.mp4");
  write_file(path_of("record.json"), api::encode_record(submitting_record(key_)));
  EXPECT_EQ((*entry_.open_partial())->available(), 0u);
}

TEST_F(EntryClipTest, IsCompleteWithLengthAndHash) {
  const Record record = finish(300000);
  EXPECT_EQ(record.state, RecordState::complete);
  EXPECT_EQ(record.size, 300000u);
  EXPECT_EQ(record.sha256, sha256_of(bytes_between(0, 300000)));
  EXPECT_EQ(names_in(directory_), (std::vector<std::string>{"clip.mp4", "lock", "record.json"}));
  EXPECT_EQ(mode_of(entry_.clip_path()), 0600u);
}

TEST_F(EntryClipTest, KnowsAClipWithoutAHashByItsLength) {
  Record record = finish(300000);
  record.sha256.clear();
  EXPECT_TRUE(entry_.open_clip(record));
  set_time(entry_.clip_path(), 1000);
  EXPECT_TRUE(entry_.open_clip(record)) << "as after a restored backup";
  ASSERT_EQ(::truncate(entry_.clip_path().c_str(), 299999), 0);
  EXPECT_EQ(entry_.open_clip(record).error().code, ErrorCode::wrong_type);
}

TEST_F(EntryClipTest, DoesNotTakeAnEmptyClipForAFinishedOne) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part);
  EXPECT_EQ(entry_.complete(**part, submitted_record(key_)).error().code, ErrorCode::wrong_type);
  EXPECT_EQ(entry_.load()->record->state, RecordState::submitted);
  EXPECT_TRUE(is_there(entry_.partial_path()));
}

TEST_F(EntryClipTest, StartsAnewAfterAPowerCutSinceThePartWasNeverSynced) {
  // The second: a clock that was put back, perhaps by a power cut.
  constexpr time_t long_ago = 1000, long_to_come = 4'900'000'000;
  for (const time_t time : {long_ago, long_to_come}) {
    { ASSERT_TRUE(grow(**entry_.open_partial(), 400000)); }
    set_time(entry_.partial_path(), time);
    Result<std::shared_ptr<Clip>> part = entry_.open_partial();
    ASSERT_TRUE(part);
    EXPECT_EQ((*part)->available(), 0u);
    ASSERT_TRUE(grow(**part, 1000));
    EXPECT_EQ((*entry_.open_partial())->available(), 1000u);
  }
}

TEST_F(EntryClipTest, StaysReadableWhereItWasReadBeforeItWasComplete) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(grow(**part, 3000000));
  ASSERT_TRUE(entry_.complete(**part, submitted_record(key_)));
  EXPECT_TRUE(is_right(*(*part)->read_exactly(0, 3000000), 0));
}

TEST_F(EntryClipTest, OpensTheFinishedClipWithoutTheLock) {
  const Record record = finish(300000);
  Entry reader(directory_, key_);
  Result<std::shared_ptr<Clip>> clip = reader.open_clip(record);
  ASSERT_TRUE(clip) << clip.error().debug;
  EXPECT_EQ((*clip)->available(), 300000u);
  EXPECT_TRUE(is_right(*(*clip)->read_exactly(0, 300000), 0));
  EXPECT_FALSE((*clip)->truncate(0)) << "nobody writes to a finished clip";
}

TEST_F(EntryClipTest, OpensNoClipOfAnUnfinishedRecord) {
  finish(1000);
  EXPECT_EQ(entry_.open_clip(submitted_record(key_)).error().code, ErrorCode::wrong_type);
}

TEST_F(EntryClipTest, SaysThatTheClipIsNotThere) {
  const Record record = finish(1000);
  ASSERT_EQ(::unlink(entry_.clip_path().c_str()), 0);
  EXPECT_EQ(entry_.open_clip(record).error().code, ErrorCode::not_found);
}

TEST_F(EntryClipTest, RefusesAClipOfAnotherLengthWhateverItsSize) {
  for (const std::uint64_t size : {std::uint64_t{1000}, large}) {
    const Record record = finish(size);
    for (const std::uint64_t length : {std::uint64_t{0}, size - 1, size + 1}) {
      ASSERT_EQ(::truncate(entry_.clip_path().c_str(), static_cast<off_t>(length)), 0);
      const Result<std::shared_ptr<Clip>> clip = entry_.open_clip(record);
      ASSERT_FALSE(clip);
      EXPECT_EQ(clip.error().code, ErrorCode::wrong_type);
      EXPECT_NE(clip.error().debug.find(std::to_string(size)), std::string::npos);
    }
    ASSERT_TRUE(entry_.save(submitted_record(key_)));
    ASSERT_TRUE((*entry_.open_partial())->truncate(0));
  }
}

TEST_F(EntryClipTest, SeesAChangedByteByTheTimeOfTheChangeWhateverItsSize) {
  for (const std::uint64_t size : {std::uint64_t{1000}, large}) {
    const Record record = finish(size);
    std::string bytes = file_content(entry_.clip_path());
    bytes[size / 2] ^= 1;
    write_file(entry_.clip_path(), bytes);
    // Later than the file system's clock ticks.
    set_time(entry_.clip_path(), 2000000000);
    EXPECT_EQ(entry_.open_clip(record).error().code, ErrorCode::wrong_type);
    ASSERT_TRUE(entry_.save(submitted_record(key_)));
    ASSERT_TRUE((*entry_.open_partial())->truncate(0));
  }
}

TEST_F(EntryClipTest, DoesNotReadAClipThatNobodyWroteTo) {
  const Record record = finish(1000);
  const auto time = std::filesystem::last_write_time(entry_.clip_path());
  write_file(entry_.clip_path(), std::string(1000, 'x'));
  std::filesystem::last_write_time(entry_.clip_path(), time);
  EXPECT_TRUE(entry_.open_clip(record));
}

TEST_F(EntryClipTest, TrustsACopyThatHashesWellAndReadsItOnce) {
  const Record record = finish(large);
  set_time(entry_.clip_path(), 1000);
  Result<std::shared_ptr<Clip>> clip = entry_.open_clip(record);
  ASSERT_TRUE(clip) << clip.error().debug;
  struct stat info;
  ASSERT_EQ(::stat(entry_.clip_path().c_str(), &info), 0);
  EXPECT_EQ(modification_time(info), record.clip_time);
}

TEST_F(EntryClipTest, MarksTheClipAsUsedWhenItIsOpened) {
  const Record record = finish(1000);
  const std::string path = path_of("record.json");
  set_time(path, 1000);
  ASSERT_TRUE(entry_.open_clip(record));
  struct stat info;
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_GT(info.st_mtim.tv_sec, 1000);
}

TEST_F(EntryClipTest, FollowsNoPlantedLink) {
  const Record record = finish(1000);
  const std::string elsewhere = cache_.in("elsewhere");
  ASSERT_EQ(::rename(entry_.clip_path().c_str(), elsewhere.c_str()), 0);
  ASSERT_EQ(::symlink(elsewhere.c_str(), entry_.clip_path().c_str()), 0);
  ASSERT_EQ(::symlink(elsewhere.c_str(), entry_.partial_path().c_str()), 0);
  EXPECT_EQ(entry_.open_clip(record).error().code, ErrorCode::open_read);
  EXPECT_EQ(entry_.open_partial().error().code, ErrorCode::open_write);
  ASSERT_EQ(::unlink(entry_.partial_path().c_str()), 0);
  ASSERT_EQ(::symlink(cache_.in("nowhere").c_str(), entry_.partial_path().c_str()), 0);
  EXPECT_EQ(entry_.open_partial().error().code, ErrorCode::open_write);
  EXPECT_FALSE(is_there(cache_.in("nowhere")));
  ASSERT_TRUE(entry_.remove());
  EXPECT_EQ(file_content(elsewhere), bytes_between(0, 1000))
      << "the links went, not what they name";
}

TEST_F(EntryClipTest, ReadersKeepAClipThatIsRemoved) {
  const Record record = finish(3000000);
  Result<std::shared_ptr<Clip>> clip = entry_.open_clip(record);
  ASSERT_TRUE(clip);
  ASSERT_TRUE(entry_.remove());
  entry_.unlock();
  EXPECT_FALSE(is_there(directory_));
  EXPECT_TRUE(is_right(*(*clip)->read_exactly(0, 3000000), 0));
}

}  // namespace
}  // namespace modelverse::store
