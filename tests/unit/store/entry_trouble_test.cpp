// SPDX-License-Identifier: LGPL-2.1-or-later
// Full disks, directories that may not be written to, directories that vanish.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "store/entry.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

const std::string key = key_of('a');

void expect_full(const Error& error) {
  EXPECT_EQ(error.code, ErrorCode::open_write);
  EXPECT_NE(error.text.find("the disk is full"), std::string::npos) << error.text;
  EXPECT_NE(error.debug.find("No space left on device"), std::string::npos) << error.debug;
}

TEST(FullDisk, IsSaidAtEachFileThatCannotBeMade) {
  // The root takes one inode; then come cache directory, entry, lock, record, the claim
  // of the part, part.
  for (int inodes = 2; inodes <= 7; ++inodes) {
    TinyDisk disk("size=1m,nr_inodes=" + std::to_string(inodes));
    if (!disk.why_not().empty())
      GTEST_SKIP() << disk.why_not();
    const std::size_t before = open_descriptors();
    Entry entry(disk.path() + "/cache/" + key, key);
    const Result<bool> locked = entry.try_lock();
    if (inodes <= 3) {
      ASSERT_FALSE(locked) << inodes;
      expect_full(locked.error());
      EXPECT_EQ(open_descriptors(), before);
      continue;
    }
    ASSERT_TRUE(locked && *locked) << inodes;
    const Status saved = entry.save(submitted_record(key));
    ASSERT_EQ(saved.ok(), inodes > 4) << inodes;
    if (!saved)
      expect_full(saved.error());
    const Result<std::shared_ptr<Clip>> part = entry.open_partial();
    ASSERT_EQ(part.ok(), inodes > 6) << inodes;
    if (!part)
      expect_full(part.error());
  }
}

class FullDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.why_not().empty())
      GTEST_SKIP() << disk_.why_not();
    ASSERT_TRUE(*entry_.try_lock());
    ASSERT_TRUE(entry_.save(submitted_record(key)));
  }
  TinyDisk disk_{"size=64k"};
  Entry entry_{disk_.path() + "/" + key, key};
};

TEST_F(FullDiskTest, KeepsTheRecordOfBeforeAndRecoversWhenThereIsRoom) {
  disk_.fill_up();
  const Status saved = entry_.save(submitted_record(key, "task-2"));
  ASSERT_FALSE(saved);
  expect_full(saved.error());
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
  EXPECT_EQ(names_in(disk_.path() + "/" + key), (std::vector<std::string>{"lock", "record.json"}));
  disk_.free_up();
  EXPECT_TRUE(entry_.save(submitted_record(key, "task-2")));
  EXPECT_EQ(entry_.load()->record->task_id, "task-2");
}

TEST_F(FullDiskTest, KeepsWhatWasDownloadedBefore) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part && grow(**part, 20000));
  const Status grown = grow(**part, 100000);
  ASSERT_FALSE(grown);
  expect_full(grown.error());
  EXPECT_EQ((*part)->available(), 20000u);
  EXPECT_EQ((*entry_.open_partial())->available(), 20000u);
  EXPECT_TRUE(is_right(*(*part)->read_exactly(0, 20000), 0));
}

TEST_F(FullDiskTest, AtTheRecordOfCompleteLosesNeitherTaskNorClip) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part && grow(**part, 20000));
  disk_.fill_up();
  const Status completed = entry_.complete(**part, submitted_record(key));
  ASSERT_FALSE(completed);
  expect_full(completed.error());
  EXPECT_TRUE(is_right(*(*part)->read_exactly(0, 20000), 0));
  disk_.free_up();
  EXPECT_EQ(entry_.load()->record->state, RecordState::submitted);
  Result<std::shared_ptr<Clip>> again = entry_.open_partial();
  ASSERT_TRUE(again);
  ASSERT_TRUE(entry_.complete(**again, submitted_record(key)));
  EXPECT_TRUE(entry_.open_clip(*entry_.load()->record));
}

TEST_F(FullDiskTest, CanStillBeCleanedUp) {
  disk_.fill_up();
  EXPECT_TRUE(entry_.remove());
  EXPECT_FALSE(entry_.load()->record);
}

TEST(ReadOnlyDisk, IsSaidAndStillGivesItsFinishedClips) {
  TinyDisk disk("size=1m");
  if (!disk.why_not().empty())
    GTEST_SKIP() << disk.why_not();
  const std::string directory = disk.path() + "/" + key;
  {
    Entry entry(directory, key);
    ASSERT_TRUE(*entry.try_lock());
    ASSERT_TRUE(entry.save(submitted_record(key)));
    Result<std::shared_ptr<Clip>> part = entry.open_partial();
    ASSERT_TRUE(part && grow(**part, 1000));
    ASSERT_TRUE(entry.complete(**part, submitted_record(key)));
  }
  ASSERT_TRUE(disk.make_read_only());
  Entry entry(directory, key), other(disk.path() + "/" + key_of('b'), key_of('b'));
  for (Entry* each : {&entry, &other}) {
    const Result<bool> locked = each->try_lock();
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().code, ErrorCode::open_write);
    EXPECT_NE(locked.error().text.find("read-only"), std::string::npos);
  }
  Result<std::shared_ptr<Clip>> clip = entry.open_clip(*entry.load()->record);
  ASSERT_TRUE(clip) << clip.error().debug;
  EXPECT_TRUE(is_right(*(*clip)->read_exactly(0, 1000), 0));
}

TEST(ForbiddenDirectory, IsSaid) {
  const TemporaryDirectory cache;
  ASSERT_EQ(::chmod(cache.path().c_str(), 0555), 0);
  {
    const Unprivileged nobody;
    if (!nobody.ok())
      GTEST_SKIP() << "root cannot become nobody here";
    Entry entry(cache.in(key), key);
    const Result<bool> locked = entry.try_lock();
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().code, ErrorCode::open_write);
    EXPECT_NE(locked.error().text.find("permission denied"), std::string::npos);
    EXPECT_NE(locked.error().debug.find("errno 13"), std::string::npos);
  }
  ASSERT_EQ(::chmod(cache.path().c_str(), 0700), 0);
}

class VanishedDirectory : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(*entry_.try_lock());
    ASSERT_TRUE(entry_.save(submitted_record(key)));
  }
  void vanish() { std::filesystem::remove_all(cache_.in("cache")); }

  TemporaryDirectory cache_;
  const std::string directory_ = cache_.in("cache/" + key);
  Entry entry_{directory_, key};
};

TEST_F(VanishedDirectory, IsMadeAndLockedAnewForTheNextRecord) {
  vanish();
  EXPECT_FALSE(entry_.load()->record);
  ASSERT_TRUE(entry_.save(submitted_record(key, "task-2")));
  EXPECT_EQ(entry_.load()->record->task_id, "task-2");
  Entry other(directory_, key);
  EXPECT_FALSE(*other.try_lock()) << "the lock is a real one";
}

TEST_F(VanishedDirectory, IsNotWrittenToWhereSomebodyElseMadeItAnew) {
  vanish();
  Entry other(directory_, key);
  ASSERT_TRUE(*other.try_lock());
  ASSERT_TRUE(other.save(submitted_record(key, "theirs")));
  const Status saved = entry_.save(submitted_record(key, "ours"));
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::open_write);
  EXPECT_FALSE(entry_.is_locked());
  EXPECT_EQ(other.load()->record->task_id, "theirs");
}

TEST_F(VanishedDirectory, LeavesTheClipReadableAndSaysThatItCannotBeKept) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part && grow(**part, 300000));
  vanish();
  ASSERT_TRUE(grow(**part, 600000));
  const Status completed = entry_.complete(**part, submitted_record(key));
  ASSERT_FALSE(completed);
  EXPECT_EQ(completed.error().code, ErrorCode::open_write);
  EXPECT_TRUE(is_right(*(*part)->read_exactly(0, 600000), 0));
}

TEST_F(VanishedDirectory, DoesNotTakeAnotherPartForItsOwn) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part && grow(**part, 1000));
  std::filesystem::remove(entry_.partial_path());
  Result<std::shared_ptr<Clip>> other = entry_.open_partial();
  ASSERT_TRUE(other);
  EXPECT_FALSE(entry_.complete(**part, submitted_record(key)));
  EXPECT_EQ(entry_.load()->record->state, RecordState::submitted);
}

}  // namespace
}  // namespace modelverse::store
