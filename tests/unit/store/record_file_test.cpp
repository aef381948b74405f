// SPDX-License-Identifier: LGPL-2.1-or-later
// The record's file: whole or not at all, and only this entry's own.
#include "store/record_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "api/record_json.h"
#include "store/io.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

class RecordFileTest : public testing::Test {
 protected:
  Result<ReadRecord> read() { return read_record(fd_.get(), directory_.path(), key_); }
  Status write(const Record& record) { return write_record(fd_.get(), directory_.path(), record); }
  std::string file() const { return directory_.in("record.json"); }

  TemporaryDirectory directory_;
  const Fd fd_ = std::move(open_directory(directory_.path(), ErrorCode::open_write)).value();
  const std::string key_ = key_of('a');
};

TEST_F(RecordFileTest, IsNoneWhereThereIsNoFile) {
  const Result<ReadRecord> none = read();
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->record);
  EXPECT_EQ(none->broken, "");
}

TEST_F(RecordFileTest, ComesBackAsItWasWrittenPrivateAndWithoutLeftovers) {
  for (const char* task : {"task-1", "task-2"}) {
    ASSERT_TRUE(write(submitted_record(key_, task)));
    EXPECT_EQ(read()->record->task_id, task);
    EXPECT_EQ(mode_of(file()), 0600u);
    EXPECT_EQ(names_in(directory_.path()), std::vector<std::string>{"record.json"});
  }
}

TEST_F(RecordFileTest, WritesThroughNoPlantedLink) {
  write_file(directory_.in("victim"), "untouched");
  ASSERT_EQ(::symlink("victim", file().c_str()), 0);
  ASSERT_TRUE(write(submitted_record(key_)));
  EXPECT_EQ(file_content(directory_.in("victim")), "untouched");
  EXPECT_EQ(read()->record->task_id, "task-1");
}

TEST_F(RecordFileTest, KeepsTheOneBeforeWhereTheNewOneCannotBeWritten) {
  ASSERT_TRUE(write(submitted_record(key_)));
  {
    const FileSizeLimit limit(20);  // the write is cut short, then fails
    const Status written = write(submitted_record(key_, "task-2"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::open_write);
    EXPECT_NE(written.error().debug.find("errno"), std::string::npos);
  }
  EXPECT_EQ(read()->record->task_id, "task-1");
  EXPECT_EQ(names_in(directory_.path()), std::vector<std::string>{"record.json"});
}

struct Broken {
  const char* name;
  std::function<void(const std::string& file, const std::string& good)> make;
};

class BrokenRecord : public testing::TestWithParam<Broken> {};

TEST_P(BrokenRecord, IsSeenAndSetAsideAsItIs) {
  const TemporaryDirectory directory;
  const std::string key = key_of('a');
  const Fd fd = std::move(open_directory(directory.path(), ErrorCode::open_write)).value();
  GetParam().make(directory.in("record.json"), api::encode_record(submitted_record(key)));
  const std::string bytes = file_content(directory.in("record.json"));

  const Result<ReadRecord> read = read_record(fd.get(), directory.path(), key);
  ASSERT_TRUE(read) << read.error().debug;
  EXPECT_FALSE(read->record);
  EXPECT_NE(read->broken, "");
  const Result<std::string> name = set_record_aside(fd.get(), directory.path());
  ASSERT_TRUE(name) << name.error().debug;
  EXPECT_EQ(*name, directory.in("record.json.broken-1"));
  EXPECT_EQ(file_content(*name), bytes);
  EXPECT_FALSE(is_there(directory.in("record.json")));
}

const Broken broken_records[] = {
    {"Empty", [](auto& file, auto&) { write_file(file, ""); }},
    {"CutShort", [](auto& file, auto& good) { write_file(file, good.substr(0, good.size() / 2)); }},
    {"TooLarge",
     [](auto& file, auto& good) { write_file(file, good + std::string(1024 * 1024, ' ')); }},
    {"Zeros", [](auto& file, auto& good) { write_file(file, std::string(good.size(), '\0')); }},
    {"Noise", [](auto& file, auto&) { write_file(file, bytes_between(0, 4000)); }},
    {"OtherVersion", [](auto& file, auto&) { write_file(file, R"({"version": 999})"); }},
    {"OtherJson", [](auto& file, auto&) { write_file(file, "[1, 2, 3]"); }},
    {"Html", [](auto& file, auto&) { write_file(file, "<!DOCTYPE html><html></html>"); }},
    {"OtherKey",
     [](auto& file, auto&) {
       write_file(file, api::encode_record(submitted_record(key_of('b'))));
     }},
    {"Link",
     [](auto& file, auto& good) {
       write_file(file + ".elsewhere", good);
       ASSERT_EQ(::symlink((file + ".elsewhere").c_str(), file.c_str()), 0);
     }},
    {"Fifo", [](auto& file, auto&) { ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0); }},
    {"Directory", [](auto& file, auto&) { ASSERT_EQ(::mkdir(file.c_str(), 0700), 0); }},
};

INSTANTIATE_TEST_SUITE_P(Kinds, BrokenRecord, testing::ValuesIn(broken_records),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST_F(RecordFileTest, NeverOverwritesWhatWasSetAsideBefore) {
  for (const char* text : {"first", "second", "third"}) {
    write_file(file(), text);
    ASSERT_TRUE(set_record_aside(fd_.get(), directory_.path()));
  }
  EXPECT_EQ(file_content(directory_.in("record.json.broken-1")), "first");
  EXPECT_EQ(file_content(directory_.in("record.json.broken-2")), "second");
  EXPECT_EQ(file_content(directory_.in("record.json.broken-3")), "third");
}

TEST_F(RecordFileTest, ThatMayNotBeReadIsAnErrorAndNotBroken) {
  ASSERT_TRUE(write(submitted_record(key_)));
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(file().c_str(), 0), 0);
  const Unprivileged nobody;
  if (!nobody.ok())
    GTEST_SKIP() << "root cannot become nobody here";
  const Result<ReadRecord> unreadable = read();
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, ErrorCode::open_read);
  EXPECT_NE(unreadable.error().text.find("permission denied"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::store
