// SPDX-License-Identifier: LGPL-2.1-or-later
// Who holds the lock of an entry works there alone, in one process and across processes.
#include "store/lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "store_support.h"

namespace {
std::function<void()> before_next_flock;
}

// The module's flock() in this program: lets a test do something just before it.
extern "C" int flock(int fd, int operation) noexcept {
  if (const auto action = std::exchange(before_next_flock, nullptr))
    action();
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

namespace modelverse::store {
namespace {

using namespace test;
using Missing = DirectoryLock::Missing;

class LockTest : public testing::Test {
 protected:
  TemporaryDirectory cache_;
  const std::string directory_ = cache_.in("cache/entry");
};

TEST_F(LockTest, MakesItsDirectoryPrivate) {
  DirectoryLock lock(directory_);
  ASSERT_TRUE(*lock.try_take(Missing::make));
  EXPECT_EQ(mode_of(directory_), 0700u);
  EXPECT_EQ(mode_of(directory_ + "/lock"), 0600u);
}

TEST_F(LockTest, MakesAnEntryThatIsOpenToOthersPrivateAndLeavesTheCacheDirectory) {
  ASSERT_TRUE(make_directories(directory_));
  ::chmod(directory_.c_str(), 0777);
  ::chmod(cache_.in("cache").c_str(), 0755);
  DirectoryLock lock(directory_);
  ASSERT_TRUE(*lock.try_take(Missing::make));
  EXPECT_EQ(mode_of(directory_), 0700u);
  EXPECT_EQ(mode_of(cache_.in("cache")), 0755u);
}

TEST_F(LockTest, ExcludesAnotherOneOfTheSameProcess) {
  DirectoryLock first(directory_), second(directory_);
  ASSERT_TRUE(*first.try_take(Missing::make));
  EXPECT_TRUE(*first.try_take(Missing::make)) << "ours already";
  EXPECT_FALSE(*second.try_take(Missing::make));
  EXPECT_FALSE(second.is_held());
  EXPECT_TRUE(DirectoryLock::is_taken(directory_));
  first.release();
  EXPECT_FALSE(DirectoryLock::is_taken(directory_));
  EXPECT_TRUE(*second.try_take(Missing::make));
}

TEST_F(LockTest, ExcludesAnotherProcessUntilThatIsKilled) {
  HolderProcess other(directory_);
  ASSERT_TRUE(other.has_lock());
  DirectoryLock lock(directory_);
  EXPECT_FALSE(*lock.try_take(Missing::make));
  EXPECT_TRUE(DirectoryLock::is_taken(directory_));
  other.kill();
  EXPECT_TRUE(*lock.try_take(Missing::make));
  EXPECT_FALSE(HolderProcess(directory_).has_lock());
}

// Forks while it holds the lock; the child lives on when the process is dead.
pid_t child_of_a_dead_holder(const std::string& directory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return -1;
  const pid_t holder = ::fork();
  if (holder == 0) {
    DirectoryLock lock(directory);
    const Result<bool> taken = lock.try_take(Missing::make);
    if (!taken || !*taken || ::fork() != 0)
      ::_exit(0);
    // Said by the child: what a fork does in it is done by now.
    const pid_t child = ::getpid();
    if (::write(ends[1], &child, sizeof child) != sizeof child)
      ::_exit(1);
    for (;;)
      ::pause();
  }
  ::close(ends[1]);
  pid_t child = -1;
  if (::read(ends[0], &child, sizeof child) != sizeof child)
    child = -1;
  ::close(ends[0]);
  ::waitpid(holder, nullptr, 0);
  return child;
}

TEST_F(LockTest, KnowsWhetherSomebodyWaitsForIt) {
  DirectoryLock holder(directory_), one(directory_), other(directory_);
  one.announce_waiting();
  EXPECT_FALSE(is_there(directory_)) << "nothing is made for it";
  ASSERT_TRUE(*holder.try_take(Missing::make));
  EXPECT_FALSE(holder.is_waited_for());
  one.announce_waiting();
  other.announce_waiting();
  one.announce_waiting();
  EXPECT_TRUE(holder.is_waited_for());
  one.release();
  EXPECT_TRUE(holder.is_waited_for());
  EXPECT_EQ(mode_of(directory_ + "/waiting"), 0600u);
  holder.release();
  EXPECT_FALSE(is_there(directory_)) << "those who wait keep no empty directory";
  ASSERT_TRUE(*holder.try_take(Missing::make));
  EXPECT_FALSE(holder.is_waited_for());
  other.announce_waiting();
  EXPECT_TRUE(holder.is_waited_for()) << "in the directory that is there now";
}

TEST_F(LockTest, LeavesNoMarkOfThoseWhoHaveWaited) {
  DirectoryLock holder(directory_), one(directory_), other(directory_);
  ASSERT_TRUE(*holder.try_take(Missing::make));
  write_file(directory_ + "/record.json", "x");
  one.announce_waiting();
  other.announce_waiting();
  holder.release();
  ASSERT_TRUE(*one.try_take(Missing::leave));
  one.release();
  EXPECT_TRUE(is_there(directory_ + "/waiting")) << "the other one's";
  ASSERT_TRUE(*other.try_take(Missing::leave));
  other.release();
  EXPECT_EQ(names_in(directory_), (std::vector<std::string>{"lock", "record.json"}));
}

TEST_F(LockTest, IsTakenSoonAfterSomebodyWhoHasItForAMoment) {
  DirectoryLock moment(directory_), lock(directory_);
  EXPECT_FALSE(*lock.take_soon()) << "there is no directory";
  ASSERT_TRUE(*moment.try_take(Missing::make));
  write_file(directory_ + "/record.json", "x");
  EXPECT_FALSE(*lock.take_soon()) << "longer than a moment";
  std::thread other([&] { moment.release(); });
  while (!*lock.take_soon()) {
  }
  EXPECT_TRUE(lock.is_held());
  other.join();
}

TEST_F(LockTest, IsNotHeldOnByAForkedChildWhenItsHolderIsDead) {
  const pid_t child = child_of_a_dead_holder(directory_);
  ASSERT_GT(child, 0);
  DirectoryLock lock(directory_);
  EXPECT_TRUE(*lock.try_take(Missing::make));
  ::kill(child, SIGKILL);
}

TEST_F(LockTest, LeavesNoDirectoryBehindInWhichNothingWasWritten) {
  {
    DirectoryLock lock(directory_);
    ASSERT_TRUE(*lock.try_take(Missing::make));
  }
  EXPECT_FALSE(is_there(directory_));
  DirectoryLock lock(directory_);
  ASSERT_TRUE(*lock.try_take(Missing::make));
  write_file(directory_ + "/record.json", "x");
  lock.release();
  EXPECT_EQ(names_in(directory_), (std::vector<std::string>{"lock", "record.json"}));
}

TEST_F(LockTest, MakesNothingWhereItIsToldTo) {
  DirectoryLock lock(directory_);
  EXPECT_FALSE(*lock.try_take(Missing::leave));
  EXPECT_FALSE(is_there(cache_.in("cache")));
}

TEST_F(LockTest, IsNotTakenInByALockFileThatVanishedBetweenItsOpenAndFlock) {
  DirectoryLock holder(directory_), other(directory_), lock(directory_);
  ASSERT_TRUE(*holder.try_take(Missing::make));
  before_next_flock = [&] { holder.release(); };  // removes file and directory
  EXPECT_TRUE(*lock.try_take(Missing::make));
  EXPECT_TRUE(lock.is_current());
  before_next_flock = [&] {
    lock.release();
    EXPECT_TRUE(*other.try_take(Missing::make));
  };
  EXPECT_FALSE(*holder.try_take(Missing::make)) << "the old file was free, but does not count";
}

TEST_F(LockTest, NoticesThatItsDirectoryWasDeletedAndTakesItAgain) {
  DirectoryLock lock(directory_), other(directory_);
  ASSERT_TRUE(*lock.try_take(Missing::make));
  std::filesystem::remove_all(cache_.in("cache"));
  EXPECT_FALSE(lock.is_current());
  EXPECT_TRUE(*lock.try_take(Missing::make));
  EXPECT_TRUE(lock.is_current());
  std::filesystem::remove_all(cache_.in("cache"));
  ASSERT_TRUE(*other.try_take(Missing::make));
  EXPECT_FALSE(*lock.try_take(Missing::make)) << "somebody else was faster";
  EXPECT_FALSE(lock.is_held());
}

TEST_F(LockTest, DoesNotFollowALinkInPlaceOfTheDirectoryOrTheFile) {
  ASSERT_TRUE(make_directories(cache_.in("victim")));
  ASSERT_TRUE(make_directories(cache_.in("cache")));
  ASSERT_EQ(::symlink(cache_.in("victim").c_str(), directory_.c_str()), 0);
  DirectoryLock lock(directory_);
  EXPECT_EQ(lock.try_take(Missing::make).error().code, ErrorCode::open_write);
  EXPECT_TRUE(names_in(cache_.in("victim")).empty());

  ASSERT_EQ(::unlink(directory_.c_str()), 0);
  ASSERT_TRUE(make_directories(directory_));
  ASSERT_EQ(::symlink(cache_.in("victim/file").c_str(), (directory_ + "/lock").c_str()), 0);
  EXPECT_EQ(lock.try_take(Missing::make).error().code, ErrorCode::open_write);
  EXPECT_TRUE(names_in(cache_.in("victim")).empty());
}

TEST_F(LockTest, RefusesAFifoOrADirectoryInPlaceOfTheFile) {
  ASSERT_TRUE(make_directories(directory_));
  ASSERT_EQ(::mkfifo((directory_ + "/lock").c_str(), 0600), 0);
  DirectoryLock lock(directory_);
  EXPECT_EQ(lock.try_take(Missing::make).error().code, ErrorCode::open_write);
  ASSERT_EQ(::unlink((directory_ + "/lock").c_str()), 0);
  ASSERT_EQ(::mkdir((directory_ + "/lock").c_str(), 0700), 0);
  EXPECT_EQ(lock.try_take(Missing::make).error().code, ErrorCode::open_write);
}

TEST_F(LockTest, IsHeldByOneAtATimeWhileEachHolderRemovesTheDirectory) {
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  std::atomic<bool> is_broken = false;
  const auto work = [&] {
    for (int own = 0; own < 300;) {
      DirectoryLock lock(directory_);
      const Result<bool> taken = lock.try_take(Missing::make);
      if (!taken || !*taken) {
        if (!taken) {
          is_broken = true;
          ADD_FAILURE() << taken.error().debug;
        }
        std::this_thread::yield();
        continue;
      }
      if (++inside != 1)
        is_broken = true;
      ++own;
      ++turns;
      --inside;
    }  // and the directory goes with the lock
  };
  std::vector<std::thread> workers;
  for (int number = 0; number < 4; ++number)
    workers.emplace_back(work);
  for (std::thread& worker : workers)
    worker.join();
  EXPECT_FALSE(is_broken);
  EXPECT_EQ(turns, 1200);
}

}  // namespace
}  // namespace modelverse::store
