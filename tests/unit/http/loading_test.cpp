// SPDX-License-Identifier: LGPL-2.1-or-later
// In a process of its own, which has no libsoup before.
#include <gmodule.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "http/module.h"
#include "support/descriptors.h"

namespace modelverse::http {
namespace {

TEST(HttpModule, that_finds_no_descriptor_is_a_clear_error) {
  const test_support::DescriptorsTaken taken;
  const auto opened = open_module({MODULE});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::too_many_files) << opened.error().text;
}

// As Python does for each name of a library that it meets for the first time.
TEST(HttpModule, is_opened_while_another_thread_looks_up_symbols) {
  auto* program = g_module_open(nullptr, G_MODULE_BIND_LAZY);
  std::atomic<bool> is_over = false;
  std::thread other([&] {
    gpointer symbol = nullptr;
    while (!is_over)
      g_module_symbol(program, "no_such_symbol", &symbol);
  });
  EXPECT_TRUE(open_module({MODULE}).ok());
  is_over = true;
  other.join();
}

}  // namespace
}  // namespace modelverse::http
