// SPDX-License-Identifier: LGPL-2.1-or-later
// The times of earlier tasks of one kind.
#include "store/task_times.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch_directory.h"

namespace modelverse::store {
namespace {

Record task(std::int64_t submitted, std::int64_t took) {
  Record record;
  record.origin = "https://service.example";
  record.model = "a-model";
  record.duration = 8;
  record.submit_time = submitted;
  record.finish_time = submitted + took;
  return record;
}

struct TaskTimes : testing::Test {
  void add(const Record& record) { add_task_time(directory.path(), record); }
  std::vector<double> read(const Record& like) { return read_task_times(directory.path(), like); }

  test_support::ScratchDirectory directory;
  const Record like = task(0, 0);
};

TEST_F(TaskTimes, are_those_of_the_same_kind_once_each) {
  EXPECT_TRUE(read(like).empty());
  auto other_model = task(1000, 70), other_length = other_model, other_size = other_model,
       other_service = other_model;
  other_model.model = "another";
  other_length.duration = 4;
  other_size.resolution = "1080p";
  other_service.origin = "http://127.0.0.1:1";
  for (const auto& other : {other_model, other_length, other_size, other_service})
    add(other);
  EXPECT_TRUE(read(like).empty());
  add(task(1000, 70));
  add(task(2000, 90));
  add(task(1000, 70));
  EXPECT_EQ(read(like), (std::vector<double>{70, 90}));
}

TEST_F(TaskTimes, that_a_wrong_clock_made_are_ignored) {
  add(task(1000, -70));
  add(task(1000, 0));
  add(task(1000, 9'000'000));
  add(task(0, 70));
  EXPECT_TRUE(read(like).empty());
}

TEST_F(TaskTimes, are_the_latest_hundred) {
  for (int i = 1; i <= 103; ++i)
    add(task(1000 + i, i));
  const auto times = read(like);
  ASSERT_EQ(times.size(), 100u);
  EXPECT_EQ(times.front(), 4);
  EXPECT_EQ(times.back(), 103);
}

TEST_F(TaskTimes, of_a_damaged_file_are_none_until_the_next_task) {
  add(task(1000, 70));
  for (const auto& file : std::filesystem::directory_iterator(directory.path() + "/times"))
    std::ofstream(file.path()) << "1000 1070\nnonsense";
  EXPECT_TRUE(read(like).empty());
  add(task(2000, 90));
  EXPECT_EQ(read(like), std::vector<double>{90});
}

}  // namespace
}  // namespace modelverse::store
