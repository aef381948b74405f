// SPDX-License-Identifier: LGPL-2.1-or-later
// A finished clip that another is to take the place of: it stays until the other one is whole.
#include "store/previous.h"

#include <gtest/gtest.h>

#include "store/record_file.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;
using Names = std::vector<std::string>;

struct PreviousClip : SubmittedEntry {
  PreviousClip() { first_ = finish(1000); }
  void begin_second() {
    ASSERT_TRUE(entry_.save(submitting_record(key_)));
    ASSERT_TRUE(entry_.save(submitted_record(key_, "task-2")));
  }
  void expect_that_the_first_is_back() {
    const Record record = *entry_.load()->record;
    EXPECT_EQ(record.task_id, "task-1");
    Result<std::shared_ptr<Clip>> clip = entry_.open_clip(record);
    ASSERT_TRUE(clip) << clip.error().debug;
    EXPECT_TRUE(is_right(*(*clip)->read_exactly(0, 1000), 0));
    EXPECT_EQ(names_in(directory_), (Names{"clip.mp4", "lock", "record.json"}));
  }

  Record first_;
};

TEST_F(PreviousClip, StandsAsideWhileANewTaskIsSubmittedAndMade) {
  const Names all = {"clip.previous", "lock", "record.json", "record.previous.json"};
  ASSERT_TRUE(entry_.save(submitting_record(key_)));
  EXPECT_EQ(names_in(directory_), all);
  ASSERT_TRUE(entry_.save(submitted_record(key_, "task-2")));
  EXPECT_EQ(names_in(directory_), all);
  EXPECT_EQ(entry_.previous()->sha256, first_.sha256);
  EXPECT_EQ((*entry_.open_partial())->available(), 0u) << "it is no part of the new one";
}

TEST_F(PreviousClip, GoesWhenTheNewOneIsWhole) {
  begin_second();
  finish(2000, "task-2");
  EXPECT_EQ(names_in(directory_), (Names{"clip.mp4", "lock", "record.json"}));
  EXPECT_EQ(entry_.load()->record->task_id, "task-2");
  EXPECT_FALSE(entry_.previous());
}

TEST_F(PreviousClip, ComesBackWhenTheNewTaskComesToNothing) {
  begin_second();
  ASSERT_TRUE(grow(**entry_.open_partial(), 500));
  ASSERT_TRUE(entry_.give_up());
  expect_that_the_first_is_back();
}

TEST_F(PreviousClip, IsNotRemovedWhereTheNewTaskWasNeverWrittenDown) {
  ASSERT_TRUE(entry_.give_up());
  expect_that_the_first_is_back();
}

// Of another refresh: the entry has the record of the clip again, but not its name.
TEST_F(PreviousClip, ComesBackWhereItWasInterruptedWhenItCameBackBefore) {
  begin_second();
  rename("record.previous.json", "record.json");
  ASSERT_TRUE(entry_.load());
  begin_second();
  ASSERT_TRUE(entry_.give_up());
  expect_that_the_first_is_back();
}

// load() sets it aside, and takes what it tells of the task.
TEST_F(PreviousClip, ComesBackWithARecordThatCannotBeRead) {
  begin_second();
  auto text = file_content(path_of(previous_record_name));
  text.replace(text.find("\"version\" : 1"), 13, "\"version\" : 2");
  write_file(path_of(previous_record_name), text);
  EXPECT_FALSE(entry_.previous());
  EXPECT_TRUE(entry_.has_previous());
  ASSERT_TRUE(entry_.give_up());
  EXPECT_EQ(file_content(path_of("record.json")), text);
  EXPECT_EQ(file_content(path_of("clip.mp4")), bytes_between(0, 1000));
  EXPECT_FALSE(entry_.has_previous());
}

TEST_F(PreviousClip, IsNotTakenForTheNewOneWhoseFileIsGone) {
  begin_second();
  finish(1000, "task-2");
  // As if complete() had been cut short before it dropped the first, and the new file were lost.
  Record other = first_;
  other.sha256 = key_of('b');
  const Fd fd = std::move(open_directory(directory_, ErrorCode::open_write)).value();
  ASSERT_TRUE(write_record(fd.get(), directory_, other, previous_record_name));
  rename("clip.mp4", "clip.previous");
  EXPECT_EQ(entry_.open_clip(*entry_.load()->record).error().code, ErrorCode::not_found);
}

TEST_F(PreviousClip, StandsAsideForAnotherClipOfTheSameTask) {
  Record second = submitted_record(key_);
  second.url_index = 1;
  ASSERT_TRUE(entry_.save(second));
  EXPECT_EQ((*entry_.open_partial())->available(), 0u);
  ASSERT_TRUE(entry_.give_up());
  expect_that_the_first_is_back();
}

TEST_F(PreviousClip, StandsAsideForAnotherClipOfTheSameTaskThatCouldNotBeWrittenDown) {
  Record second = submitted_record(key_);
  second.url_index = 1;
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  ASSERT_TRUE(part && grow(**part, 700));
  ASSERT_TRUE(entry_.complete(**part, second));
  EXPECT_EQ((*entry_.open_clip(*entry_.load()->record))->available(), 700u);
}

TEST_F(PreviousClip, GoesWithTheEntry) {
  begin_second();
  ASSERT_TRUE(entry_.remove());
  EXPECT_EQ(names_in(directory_), (Names{"lock"}));
}

TEST_F(PreviousClip, OfAnEntryWithoutOneIsNoneAndGivingUpRemovesIt) {
  ASSERT_TRUE(entry_.remove());
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  EXPECT_FALSE(entry_.previous());
  ASSERT_TRUE(entry_.give_up());
  EXPECT_FALSE(entry_.load()->record);
}

}  // namespace
}  // namespace modelverse::store
