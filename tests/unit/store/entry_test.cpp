// SPDX-License-Identifier: LGPL-2.1-or-later
// An entry's record through its lock.
#include "store/entry.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "api/record_json.h"
#include "store_support.h"

namespace {
thread_local std::vector<std::string>* disk_calls = nullptr;  // of a test that looks at them

std::filesystem::path path_of(int fd) {
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
}
}  // namespace

// The module's fsync() and renameat() in this program, which are noted.
extern "C" int fsync(int fd) {
  if (disk_calls)
    disk_calls->push_back("fsync " + path_of(fd).string());
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

extern "C" int renameat(int from_directory, const char* from, int to_directory,
                        const char* to) noexcept {
  if (disk_calls)
    disk_calls->push_back("rename " + (path_of(to_directory) / to).string());
  const auto done =
      static_cast<int>(::syscall(SYS_renameat2, from_directory, from, to_directory, to, 0));
  if (const auto action = std::exchange(modelverse::store::test::after_next_rename, nullptr))
    action();
  return done;
}

namespace modelverse::store {
namespace {

using namespace test;

using EntryTest = EntryBench;

TEST_F(EntryTest, TouchesNothingOnDiskUntilItIsLocked) {
  const Result<Entry::Loaded> loaded = entry_.load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->record);
  EXPECT_FALSE(is_there(directory_));
  EXPECT_EQ(entry_.clip_path(), directory_ + "/clip.mp4");
  EXPECT_EQ(entry_.partial_path(), directory_ + "/clip.part");
}

TEST_F(EntryTest, WritesOnlyUnderItsLock) {
  EXPECT_EQ(entry_.save(submitted_record(key_)).error().code, ErrorCode::open_write);
  EXPECT_EQ(entry_.open_partial().error().code, ErrorCode::open_write);
  EXPECT_EQ(entry_.remove().error().code, ErrorCode::open_write);
  EXPECT_FALSE(is_there(directory_));
}

TEST_F(EntryTest, GivesBackWhatWasSaved) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
  ASSERT_TRUE(entry_.save(submitted_record(key_, "task-2")));
  Entry reader(directory_, key_);
  EXPECT_EQ(reader.load()->record->task_id, "task-2") << "without the lock";
}

TEST_F(EntryTest, HasItsRecordOnTheDiskBeforeItReplacesTheOneBefore) {
  ASSERT_TRUE(*entry_.try_lock());
  const auto record = directory_ + "/record.json";
  for (const auto* file : {".new", ".next"}) {
    std::vector<std::string> calls;
    disk_calls = &calls;
    const bool is_saved = entry_.save(submitted_record(key_)).ok();
    disk_calls = nullptr;
    ASSERT_TRUE(is_saved);
    ASSERT_EQ(calls.size(), 3u);
    EXPECT_TRUE(calls[0].starts_with("fsync " + record + file)) << calls[0];
    EXPECT_EQ(calls[1], "rename " + record);
    EXPECT_EQ(calls[2], "fsync " + directory_);
    ASSERT_TRUE(entry_.remove());
    ASSERT_TRUE(*entry_.try_claim(std::chrono::minutes(1)));
    ASSERT_TRUE(*entry_.announce(submitting_record(key_)));  // which prepares the one that follows
  }
}

TEST_F(EntryTest, RefusesToWriteARecordThatItWouldSetAsideWhenItReadsIt) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  Record record = submitted_record(key_, "task-2");
  record.prompt = std::string(1024 * 1024, 'p');
  const Status saved = entry_.save(record);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::open_write);
  EXPECT_FALSE(entry_.save(submitted_record(key_of('b'), "task-2"))) << "of another entry";
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
}

TEST_F(EntryTest, SetsABrokenRecordAsideUnderTheLockAndSaysSo) {
  ASSERT_TRUE(*entry_.try_lock());
  write_file(directory_ + "/record.json", "nonsense");
  const Result<Entry::Loaded> loaded = entry_.load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->record);
  EXPECT_NE(loaded->set_aside.find("record.json.broken-1"), std::string::npos);
  EXPECT_EQ(file_content(directory_ + "/record.json.broken-1"), "nonsense");
  EXPECT_EQ(entry_.load()->set_aside, "") << "said once";
}

TEST_F(EntryTest, PutsWhatABrokenRecordTellsOfItsTaskInItsPlace) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  auto text = file_content(directory_ + "/record.json");
  text.replace(text.find("\"version\" : 1"), 13, "\"version\" : 2");
  write_file(directory_ + "/record.json", text);
  Entry reader(directory_, key_);
  EXPECT_EQ((*reader.peek())->task_id, "task-1");
  EXPECT_EQ(reader.load()->record->task_id, "task-1");
  EXPECT_EQ(file_content(directory_ + "/record.json"), text) << "without the lock";

  const Result<Entry::Loaded> loaded = entry_.load();
  ASSERT_TRUE(loaded && loaded->record);
  EXPECT_EQ(loaded->record->task_id, "task-1");
  EXPECT_NE(loaded->set_aside.find("record.json.broken-1"), std::string::npos);
  EXPECT_EQ(file_content(directory_ + "/record.json.broken-1"), text);
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
  EXPECT_EQ(entry_.load()->set_aside, "") << "said once";
}

TEST_F(EntryTest, TakesNothingFromTheBrokenRecordOfAnotherEntry) {
  ASSERT_TRUE(*entry_.try_lock());
  auto text = api::encode_record(submitted_record(key_of('b')));
  text.replace(text.find("\"version\" : 1"), 13, "\"version\" : 2");
  write_file(directory_ + "/record.json", text);
  EXPECT_FALSE(entry_.load()->record);
}

TEST_F(EntryTest, LeavesABrokenRecordAloneWithoutTheLock) {
  std::filesystem::create_directory(directory_);
  write_file(directory_ + "/record.json", "nonsense");
  const Result<Entry::Loaded> loaded = entry_.load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->record);
  EXPECT_EQ(loaded->set_aside, "");
  EXPECT_EQ(file_content(directory_ + "/record.json"), "nonsense");
}

TEST_F(EntryTest, IsGoneAfterRemoveAndUnlock) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  ASSERT_TRUE(grow(**entry_.open_partial(), 100));
  ASSERT_TRUE(entry_.remove());
  Entry other(directory_, key_);
  EXPECT_FALSE(*other.try_lock()) << "still ours";
  EXPECT_FALSE(entry_.load()->record);
  EXPECT_EQ(names_in(directory_), std::vector<std::string>{"lock"});
  ASSERT_TRUE(entry_.remove()) << "again is no error";
  entry_.unlock();
  EXPECT_FALSE(is_there(directory_));
}

TEST_F(EntryTest, CanBeWrittenAgainAfterRemoveUnderTheSameLock) {
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  ASSERT_TRUE(entry_.remove());
  ASSERT_TRUE(entry_.save(submitted_record(key_, "task-2")));
  entry_.unlock();
  EXPECT_EQ(entry_.load()->record->task_id, "task-2");
}

TEST_F(EntryTest, DeletesWhatWasSetAsideOnlyWhereItIsToldTo) {
  ASSERT_TRUE(*entry_.try_lock());
  write_file(directory_ + "/record.json", "nonsense");
  ASSERT_TRUE(entry_.load());
  ASSERT_TRUE(entry_.remove());
  entry_.unlock();
  EXPECT_EQ(file_content(directory_ + "/record.json.broken-1"), "nonsense");
  ASSERT_TRUE(*entry_.try_lock());
  ASSERT_TRUE(entry_.remove(Entry::SetAside::remove));
  entry_.unlock();
  EXPECT_FALSE(is_there(directory_));
}

// Where locks are not shared.
struct RecordOfAnotherMachine : SubmittedEntry {
  RecordOfAnotherMachine() { EXPECT_TRUE(grow(**part_, 1000)); }
  std::string leave(const Record& other) {
    write_file(directory_ + "/record.json", api::encode_record(other));
    return api::encode_record(other);
  }
  static Record complete(Record record) {
    record.state = RecordState::complete;
    record.size = 1;
    return record;
  }

  Result<std::shared_ptr<Clip>> part_ = entry_.open_partial();
};

TEST_F(RecordOfAnotherMachine, IsNeitherReplacedNorRemoved) {
  for (const auto& other : {submitting_record(key_), submitted_record(key_, "task-2"),
                            complete(submitted_record(key_, "task-2"))}) {
    const auto text = leave(other);
    EXPECT_EQ(entry_.save(submitted_record(key_)).error().code, ErrorCode::open_write);
    EXPECT_FALSE(entry_.complete(**part_, submitted_record(key_)));
    EXPECT_FALSE(entry_.give_up());
    EXPECT_FALSE(entry_.remove());
    EXPECT_EQ(file_content(directory_ + "/record.json"), text);
  }
}

TEST_F(RecordOfAnotherMachine, IsReplacedButNotRemovedWhereItIsOfTheSameTask) {
  const auto text = leave(complete(submitted_record(key_)));
  EXPECT_FALSE(entry_.remove());
  EXPECT_EQ(file_content(directory_ + "/record.json"), text);
  EXPECT_TRUE(entry_.complete(**part_, submitted_record(key_)));
  EXPECT_EQ(entry_.load()->record->size, 1000u);
}

TEST_F(RecordOfAnotherMachine, IsReplacedAndRemovedOnceItWasLookedAt) {
  leave(submitted_record(key_, "task-2"));
  ASSERT_TRUE(entry_.load());
  EXPECT_TRUE(entry_.save(submitted_record(key_, "task-3")));
  leave(submitted_record(key_, "task-4"));
  ASSERT_TRUE(entry_.peek());
  EXPECT_TRUE(entry_.remove());
}

struct VanishedDirectory : SubmittedEntry {
  void vanish() const { std::filesystem::remove_all(directory_); }
};

TEST_F(VanishedDirectory, IsMadeAndLockedAnewForTheNextRecord) {
  vanish();
  EXPECT_FALSE(entry_.load()->record);
  ASSERT_TRUE(entry_.save(submitted_record(key_, "task-2")));
  EXPECT_EQ(entry_.load()->record->task_id, "task-2");
  Entry other(directory_, key_);
  EXPECT_FALSE(*other.try_lock()) << "the lock is a real one";
}

TEST_F(VanishedDirectory, IsNotWrittenToWhereSomebodyElseMadeItAnew) {
  vanish();
  Entry other(directory_, key_);
  ASSERT_TRUE(*other.try_lock());
  ASSERT_TRUE(other.save(submitted_record(key_, "theirs")));
  const Status saved = entry_.save(submitted_record(key_, "ours"));
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
  const Status completed = entry_.complete(**part, submitted_record(key_));
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
  EXPECT_FALSE(entry_.complete(**part, submitted_record(key_)));
  EXPECT_EQ(entry_.load()->record->state, RecordState::submitted);
}

}  // namespace
}  // namespace modelverse::store
