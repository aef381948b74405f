// SPDX-License-Identifier: LGPL-2.1-or-later
// Folders and files that are private, errors that say what to do.
#include "store/io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

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

TEST(MakeFolders, MakesAllThatIsMissingForTheOwnerOnlyWhateverTheUmask) {
  for (const mode_t mask : {0, 022, 0777}) {
    const TemporaryFolder folder;
    const Umask umask(mask);
    ASSERT_TRUE(make_folders(folder.in("a/b/c")));
    for (const char* name : {"a", "a/b", "a/b/c"})
      EXPECT_EQ(mode_of(folder.in(name)), 0700u) << name << " with umask " << mask;
  }
}

TEST(MakeFolders, LeavesAFolderThatIsThereAsItIs) {
  const TemporaryFolder folder;
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  EXPECT_TRUE(make_folders(folder.path()));
  EXPECT_TRUE(make_folders(folder.path() + "/"));
  EXPECT_EQ(mode_of(folder.path()), 0755u);
}

TEST(MakeFolders, FollowsALinkThatTheUserPutInPlaceOfTheCacheFolder) {
  const TemporaryFolder folder;
  ASSERT_TRUE(make_folders(folder.in("disk2")));
  ASSERT_EQ(::symlink("disk2", folder.in("cache").c_str()), 0);
  EXPECT_TRUE(make_folders(folder.in("cache/entry")));
  EXPECT_EQ(mode_of(folder.in("disk2/entry")), 0700u);
}

TEST(MakeFolders, SaysWhatIsInTheWay) {
  const TemporaryFolder folder;
  write_file(folder.in("file"), "");
  for (const char* name : {"file", "file/below"}) {
    const Status made = make_folders(folder.in(name));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::open_write);
    EXPECT_NE(made.error().debug.find("mkdir("), std::string::npos) << made.error().debug;
  }
}

TEST(MakeFile, IsForTheOwnerOnlyWhateverTheUmaskAndNeverReplaces) {
  const TemporaryFolder folder;
  const Fd fd = std::move(open_folder(folder.path(), ErrorCode::open_write)).value();
  const Umask umask(0);
  ASSERT_TRUE(make_file(fd.get(), "new", folder.path()));
  EXPECT_EQ(mode_of(folder.in("new")), 0600u);
  EXPECT_FALSE(make_file(fd.get(), "new", folder.path()));
  ASSERT_EQ(::symlink("elsewhere", folder.in("link").c_str()), 0);
  EXPECT_FALSE(make_file(fd.get(), "link", folder.path()));
  EXPECT_FALSE(is_there(folder.in("elsewhere")));
}

TEST(OpenFile, TakesPlainFilesOnlyAndDoesNotWaitForAFifo) {
  const TemporaryFolder folder;
  const Fd fd = std::move(open_folder(folder.path(), ErrorCode::open_write)).value();
  write_file(folder.in("plain"), "x");
  ASSERT_EQ(::symlink("plain", folder.in("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(folder.in("fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(folder.in("folder").c_str(), 0700), 0);
  const auto open = [&](const char* name) {
    return open_file(fd.get(), name, folder.path(), O_RDONLY, ErrorCode::open_read);
  };
  EXPECT_TRUE(open("plain"));
  EXPECT_EQ(open("nothing").error().code, ErrorCode::not_found);
  for (const char* name : {"link", "fifo", "folder"})
    EXPECT_EQ(open(name).error().code, ErrorCode::open_read) << name;
}

TEST(OpenFile, DoesNotLeakIntoAChildThatExecutesSomethingElse) {
  const TemporaryFolder folder;
  const Fd fd = std::move(open_folder(folder.path(), ErrorCode::open_write)).value();
  const Fd file = std::move(make_file(fd.get(), "new", folder.path())).value();
  for (const Fd* each : {&fd, &file})
    EXPECT_TRUE(::fcntl(each->get(), F_GETFD) & FD_CLOEXEC);
}

}  // namespace
}  // namespace modelverse::store
