// SPDX-License-Identifier: LGPL-2.1-or-later
// In a process of its own, which has no libsoup before.
#include <gmodule.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "http/module.h"

namespace modelverse::http {
namespace {

TEST(HttpModule, that_finds_no_descriptor_is_a_clear_error) {
  rlimit usual = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit none = {0, usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto opened = open_module({MODULE});
  setrlimit(RLIMIT_NOFILE, &usual);
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
