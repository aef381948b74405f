// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/task.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(TaskStatus, has_the_names_of_the_property) {
  EXPECT_STREQ(task_status_name(TaskStatus{}), "none");
  EXPECT_STREQ(task_status_name(task::Submitting{}), "submitting");
  EXPECT_STREQ(task_status_name(task::Pending{}), "pending");
  EXPECT_STREQ(task_status_name(task::Running{}), "running");
  EXPECT_STREQ(task_status_name(task::Success{}), "success");
  EXPECT_STREQ(task_status_name(task::Failure{}), "failure");
}

}  // namespace
}  // namespace modelverse
