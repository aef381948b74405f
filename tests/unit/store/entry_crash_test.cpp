// SPDX-License-Identifier: LGPL-2.1-or-later
// Each state that a crash between two steps of save(), complete() or remove() can leave is read
// for what it is: nothing is lost, and no clip is taken for another task's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "store/entry.h"
#include "store/record_file.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

class CrashTest : public testing::Test {
 protected:
  void SetUp() override {
    Entry entry(directory_, key_);
    ASSERT_TRUE(*entry.try_lock());
    ASSERT_TRUE(entry.save(submitted_record(key_)));
    Result<std::shared_ptr<Clip>> part = entry.open_partial();
    ASSERT_TRUE(part && grow(**part, size_));
  }
  // The next process.
  std::unique_ptr<Entry> restart() {
    auto entry = std::make_unique<Entry>(directory_, key_);
    EXPECT_TRUE(*entry->try_lock());
    return entry;
  }
  void write_as_crashed(const Record& record) {
    const Fd fd = std::move(open_directory(directory_, ErrorCode::open_write)).value();
    ASSERT_TRUE(write_record(fd.get(), directory_, record));
  }
  void rename(const char* from, const char* to) {
    ASSERT_EQ(::rename((directory_ + "/" + from).c_str(), (directory_ + "/" + to).c_str()), 0);
  }
  void expect_that_it_can_be_completed(Entry& entry) {
    Result<std::shared_ptr<Clip>> part = entry.open_partial();
    ASSERT_TRUE(part) << part.error().debug;
    EXPECT_EQ((*part)->available(), size_);
    ASSERT_TRUE(entry.complete(**part, *entry.load()->record));
    Result<std::shared_ptr<Clip>> clip = entry.open_clip(*entry.load()->record);
    ASSERT_TRUE(clip) << clip.error().debug;
    EXPECT_TRUE(is_right(*(*clip)->read_exactly(0, size_), 0));
  }

  TemporaryDirectory cache_;
  const std::string key_ = key_of('a');
  const std::string directory_ = cache_.in(key_);
  const std::uint64_t size_ = 500000;
};

TEST_F(CrashTest, InTheMiddleOfTheFirstSaveLeavesNoRecord) {
  ASSERT_EQ(::unlink((directory_ + "/record.json").c_str()), 0);
  write_file(directory_ + "/record.json.new-1", "");
  auto entry = restart();
  EXPECT_FALSE(entry->load()->record);
  EXPECT_EQ(entry->load()->set_aside, "");
}

TEST_F(CrashTest, BetweenTheRenameAndHalfOfTheRecordLeavesTheClipToBeTakenBack) {
  rename("clip.part", "clip.mp4");
  write_file(directory_ + "/record.json.new-1", "half");
  expect_that_it_can_be_completed(*restart());
}

TEST_F(CrashTest, AfterANewTasksFirstRecordDoesNotOfferItTheOldClip) {
  {
    auto entry = restart();
    ASSERT_TRUE(entry->complete(**entry->open_partial(), submitted_record(key_)));
    Record next = submitted_record(key_, "");
    next.state = RecordState::submitting;
    ASSERT_TRUE(entry->save(next));
  }
  auto entry = restart();
  ASSERT_TRUE(entry->save(submitted_record(key_, "task-2")));
  EXPECT_EQ((*entry->open_partial())->available(), 0u);
}

TEST_F(CrashTest, ALeftClipOfARecordThatIsNotSubmittedIsNotTakenForAPart) {
  rename("clip.part", "clip.mp4");
  Record record = submitted_record(key_, "");
  record.state = RecordState::submitting;
  write_as_crashed(record);
  EXPECT_EQ((*restart()->open_partial())->available(), 0u);
}

TEST_F(CrashTest, InTheMiddleOfRemoveLeavesSomethingThatCanBeRemoved) {
  ASSERT_EQ(::unlink((directory_ + "/clip.part").c_str()), 0);
  auto entry = restart();
  EXPECT_EQ(entry->load()->record->state, RecordState::submitted);
  ASSERT_TRUE(entry->remove());
  entry->unlock();
  EXPECT_FALSE(is_there(directory_));
}

}  // namespace
}  // namespace modelverse::store
