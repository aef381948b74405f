// SPDX-License-Identifier: LGPL-2.1-or-later
// The emulator's parts whose state cannot be held still from outside the process.
#include <gtest/gtest.h>

#include <cmath>
#include <future>

#include "emulator/json.h"
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
  TaskList tasks({1e6}, 1);
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

TEST(TaskList, draws_each_time_from_a_log_normal_distribution) {
  TaskList tasks({90, 0.2}, 1);
  constexpr int count = 2000;
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double deviation = std::log(tasks.add({}).generation.count() / 90);
    sum += deviation;
    squares += deviation * deviation;
  }
  EXPECT_NEAR(sum / count, 0, 0.03);
  EXPECT_NEAR(std::sqrt(squares / count), 0.2, 0.02);
}

TEST(TaskList, waits_for_the_clip_when_the_time_has_passed) {
  TaskList tasks({0}, 1);
  std::promise<Clip> clip;
  const Task& task = tasks.add(task_of(clip));
  EXPECT_EQ(tasks.state(task), TaskState::running);
  clip.set_value(good_clip());
  EXPECT_EQ(tasks.state(task), TaskState::success);
}

TEST(Json, is_one_object_of_bounded_depth) {
  const auto is_read = [](std::string_view text) {
    return std::holds_alternative<JsonObjectPtr>(parse_object(text));
  };
  for (const char* text : {"{}", R"( {"a":["}","\"{'/*"],"b":{}} )"})
    EXPECT_TRUE(is_read(text)) << text;
  for (const char* text : {"", "[]", "{", "{]", "{}{}", "{}[]", "{} x", "var a = {}", "{'a':1}",
                           "{/**/}", R"({"a":"})"})
    EXPECT_FALSE(is_read(text)) << text;
  EXPECT_TRUE(is_read("{\"a\":" + std::string(500, '[') + std::string(500, ']') + "}"));
  EXPECT_FALSE(is_read("{\"a\":" + std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace emulator
