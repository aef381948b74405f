// SPDX-License-Identifier: LGPL-2.1-or-later
// The emulator's parts whose state cannot be held still from outside the process.
#include <gtest/gtest.h>

#include <array>
#include <future>

#include "emulator/http.h"
#include "emulator/task_list.h"

namespace emulator {
namespace {

Task task_of(std::promise<Clip>& clip) {
  Task task;
  task.result = clip.get_future().share();
  return task;
}

Clip good_clip() {
  Clip clip;
  clip.bytes = adopt_blob(g_bytes_new_static("clip", 4));
  return clip;
}

TEST(TaskList, lets_a_task_pend_for_a_fifth_of_the_generation_time) {
  TaskList tasks(1e6, 1);
  std::promise<Clip> clip;
  Task& task = tasks.add(task_of(clip));
  clip.set_value(good_clip());
  EXPECT_EQ(tasks.state(task), TaskState::pending);
  task.submitted -= std::chrono::seconds(199'000);
  EXPECT_EQ(tasks.state(task), TaskState::pending);
  task.submitted -= std::chrono::seconds(2'000);
  EXPECT_EQ(tasks.state(task), TaskState::running);
  task.submitted -= std::chrono::seconds(800'000);
  EXPECT_EQ(tasks.state(task), TaskState::success);
}

TEST(TaskList, waits_for_the_clip_when_the_time_has_passed) {
  TaskList tasks(0, 1);
  std::promise<Clip> clip;
  const Task& task = tasks.add(task_of(clip));
  EXPECT_EQ(tasks.state(task), TaskState::running);
  clip.set_value(good_clip());
  EXPECT_EQ(tasks.state(task), TaskState::success);
}

TEST(Content, is_the_same_filler_at_any_offset) {
  for (const auto shape :
       {Content::Shape::bytes, Content::Shape::mp4, Content::Shape::mp4_index_first}) {
    const Content content = Content::filler(100'000, shape);
    std::array<unsigned char, 100> whole{};
    content.copy(0, whole);
    for (std::size_t offset = 0; offset < 60; ++offset) {
      std::array<unsigned char, 40> part{};
      content.copy(offset, part);
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<long>(offset)));
    }
  }
}

// A box: a 32-bit length, a type; where the length is 1, a 64-bit one behind the type.
TEST(Content, is_filled_into_boxes_that_end_with_the_file) {
  const Content content = Content::filler(100'000, Content::Shape::mp4_index_first);
  std::array<unsigned char, 48> head{};
  content.copy(0, head);
  const auto type_at = [&](std::size_t box) {
    return std::string(head.begin() + static_cast<long>(box) + 4,
                       head.begin() + static_cast<long>(box) + 8);
  };
  EXPECT_EQ(type_at(0), "ftyp");
  EXPECT_EQ(head[3], 24);
  EXPECT_EQ(type_at(24), "moov");
  EXPECT_EQ(head[27], 8);
  EXPECT_EQ(type_at(32), "mdat");
  EXPECT_EQ(head[35], 1);
  std::uint64_t length = 0;
  for (std::size_t i = 40; i < 48; ++i)
    length = length << 8 | head[i];
  EXPECT_EQ(32 + length, content.size());
}

}  // namespace
}  // namespace emulator
