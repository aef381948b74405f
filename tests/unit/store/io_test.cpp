// SPDX-License-Identifier: LGPL-2.1-or-later
// Directories and files that are private, errors that say what to do.
#include "store/io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>

#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

TEST(IoError, TellsAFullDiskFromAMissingPermissionAndAReadOnlyDisk) {
  const auto text = [](int number) {
    return io_error(ErrorCode::open_write, "open", "/some/file", number).text;
  };
  EXPECT_NE(text(ENOSPC).find("disk is full"), std::string::npos);
  EXPECT_NE(text(EDQUOT).find("quota"), std::string::npos);
  EXPECT_NE(text(EACCES).find("permission denied"), std::string::npos);
  EXPECT_NE(text(EROFS).find("read-only"), std::string::npos);
  EXPECT_NE(text(EIO).find("/some/file"), std::string::npos);
}

TEST(IoError, NamesCallPathAndErrnoForTheDeveloper) {
  const Error error = io_error(ErrorCode::open_write, "renameat", "/some/file", ENOSPC);
  EXPECT_EQ(error.code, ErrorCode::open_write);
  EXPECT_EQ(error.debug, "renameat(/some/file): No space left on device [errno 28]");
}

TEST(IoError, IsNotFoundWhereSomethingToReadIsMissing) {
  EXPECT_EQ(io_error(ErrorCode::open_read, "open", "f", ENOENT).code, ErrorCode::not_found);
  EXPECT_EQ(io_error(ErrorCode::open_read, "open", "f", EACCES).code, ErrorCode::open_read);
  EXPECT_EQ(io_error(ErrorCode::open_write, "open", "f", ENOENT).code, ErrorCode::open_write);
}

// A process that forks after its first random numbers, as a farm's worker pool does.
TEST(PrivateName, IsAnotherOneInEachChildOfAFork) {
  const std::string own = private_name("a");
  std::set<std::string> names = {own};
  for (int i = 0; i < 3; ++i) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd reader = Fd::adopt(ends[0]);
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string name = private_name("a");
      ::_exit(::write(ends[1], name.data(), name.size()) == ssize_t(name.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    ::waitpid(child, nullptr, 0);
    names.insert(modelverse::read_file(reader.get(), 100).value_or(own));
  }
  EXPECT_EQ(names.size(), 4u);
  EXPECT_EQ(own.size(), 34u);
}

TEST(Fd, ClosesOnceAndCanBeGivenAway) {
  const std::size_t before = open_descriptors();
  {
    Fd first = Fd::adopt(::open("/", O_RDONLY | O_CLOEXEC));
    Fd second = std::move(first);
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that is the point
    first = std::move(second);
    EXPECT_TRUE(first);
    EXPECT_EQ(open_descriptors(), before + 1);
    const int raw = first.leak();
    EXPECT_EQ(::close(raw), 0) << "still open, and ours to close";
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(MakeDirectories, MakesAllThatIsMissingForTheOwnerOnly) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory.in("a/b/c")));
  for (const char* name : {"a", "a/b", "a/b/c"})
    EXPECT_EQ(mode_of(directory.in(name)), 0700u) << name;
}

TEST(MakeDirectories, LeavesADirectoryThatIsThereAsItIs) {
  const TemporaryDirectory directory;
  ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
  EXPECT_TRUE(make_directories(directory.path()));
  EXPECT_TRUE(make_directories(directory.path() + "/"));
  EXPECT_EQ(mode_of(directory.path()), 0755u);
}

TEST(MakeDirectories, FollowsALinkThatTheUserPutInPlaceOfTheCacheDirectory) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory.in("disk2")));
  ASSERT_EQ(::symlink("disk2", directory.in("cache").c_str()), 0);
  EXPECT_TRUE(make_directories(directory.in("cache/entry")));
  EXPECT_EQ(mode_of(directory.in("disk2/entry")), 0700u);
}

TEST(MakeDirectories, SaysWhatIsInTheWay) {
  const TemporaryDirectory directory;
  write_file(directory.in("file"), "");
  for (const char* name : {"file", "file/below"}) {
    const Status made = make_directories(directory.in(name));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::open_write);
    EXPECT_NE(made.error().debug.find("mkdir("), std::string::npos) << made.error().debug;
    EXPECT_NE(made.error().text.find("expected a directory"), std::string::npos)
        << made.error().text;
  }
}

TEST(MakeFile, IsForTheOwnerOnlyAndNeverReplaces) {
  const TemporaryDirectory directory;
  const Fd fd = std::move(open_directory(directory.path(), ErrorCode::open_write)).value();
  ASSERT_TRUE(make_file(fd.get(), "new", directory.path()));
  EXPECT_EQ(mode_of(directory.in("new")), 0600u);
  EXPECT_FALSE(make_file(fd.get(), "new", directory.path()));
  ASSERT_EQ(::symlink("elsewhere", directory.in("link").c_str()), 0);
  EXPECT_FALSE(make_file(fd.get(), "link", directory.path()));
  EXPECT_FALSE(is_there(directory.in("elsewhere")));
}

TEST(OpenFile, TakesPlainFilesOnlyAndDoesNotWaitForAFifo) {
  const TemporaryDirectory directory;
  const Fd fd = std::move(open_directory(directory.path(), ErrorCode::open_write)).value();
  write_file(directory.in("plain"), "x");
  ASSERT_EQ(::symlink("plain", directory.in("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(directory.in("fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(directory.in("directory").c_str(), 0700), 0);
  const auto open = [&](const char* name) {
    return open_file(fd.get(), name, directory.path(), O_RDONLY, ErrorCode::open_read);
  };
  EXPECT_TRUE(open("plain"));
  EXPECT_EQ(open("nothing").error().code, ErrorCode::not_found);
  for (const char* name : {"link", "fifo", "directory"})
    EXPECT_EQ(open(name).error().code, ErrorCode::open_read) << name;
}

TEST(OpenFile, DoesNotLeakIntoAChildThatExecutesSomethingElse) {
  const TemporaryDirectory directory;
  const Fd fd = std::move(open_directory(directory.path(), ErrorCode::open_write)).value();
  const Fd file = std::move(make_file(fd.get(), "new", directory.path())).value();
  for (const Fd* each : {&fd, &file})
    EXPECT_TRUE(::fcntl(each->get(), F_GETFD) & FD_CLOEXEC);
}

}  // namespace
}  // namespace modelverse::store
