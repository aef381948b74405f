// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/task.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(TaskInfo, an_update_keeps_what_the_news_does_not_know) {
  TaskInfo task{.task_id = "task", .request_id = "first", .model = "model", .submit_time = 1};
  task.update({.request_id = "second", .finish_time = 2, .usage_seconds = 4});
  EXPECT_EQ(task.task_id, "task");
  EXPECT_EQ(task.request_id, "second");
  EXPECT_EQ(task.model, "model");
  EXPECT_EQ(task.submit_time, 1);
  EXPECT_EQ(task.finish_time, 2);
  EXPECT_EQ(task.usage_seconds, 4);
}

}  // namespace
}  // namespace modelverse
