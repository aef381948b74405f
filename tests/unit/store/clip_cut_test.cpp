// SPDX-License-Identifier: LGPL-2.1-or-later
// A clip that is truncated while somebody reads it from its file.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "store/clip.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

std::function<void()> during_next_read;

constexpr std::uint64_t size = 4 * clip_window_blocks * clip_block_size;

struct Cut : testing::Test {
  Cut() { EXPECT_TRUE(grow(*clip, size)); }
  ~Cut() override { during_next_read = nullptr; }

  std::shared_ptr<Clip> clip = *Clip::make_unlinked("");
};

TEST_F(Cut, behind_what_is_read_disturbs_nobody) {
  during_next_read = [&] { ASSERT_TRUE(clip->truncate(5000)); };
  const auto chunk = clip->read_exactly(0, 5000);
  ASSERT_TRUE(chunk) << chunk.error().debug;
  EXPECT_TRUE(is_right(*chunk, 0));
  EXPECT_EQ(clip->available(), 5000u);
}

TEST_F(Cut, within_what_is_read_is_an_error_also_when_it_has_grown_again) {
  during_next_read = [&] {
    ASSERT_TRUE(clip->truncate(4999));
    ASSERT_TRUE(grow(*clip, size));
  };
  EXPECT_FALSE(clip->read_exactly(0, 5000));
}

}  // namespace
}  // namespace modelverse::store

// In place of the C library's.
extern "C" ssize_t pread64(int fd, void* data, size_t count, off64_t offset) {
  if (const auto hook = std::exchange(modelverse::store::during_next_read, nullptr))
    hook();
  return ::syscall(SYS_pread64, fd, data, count, offset);
}
