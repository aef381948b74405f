// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the store share: directories that go away, records, bytes that can be told
// apart.
#include "store_support.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "glib/handles.h"
#include "store/lock.h"

namespace modelverse::store::test {
namespace fs = std::filesystem;

TinyDisk::TinyDisk(const std::string& options) {
  if (::mount("tmpfs", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
    why_not_ = std::string("a small file system cannot be mounted here: ") + g_strerror(errno);
}

TinyDisk::~TinyDisk() {
  if (why_not_.empty())
    ::umount2(path().c_str(), MNT_DETACH);
}

void TinyDisk::fill_up() {
  const Fd file =
      Fd::adopt(::open((path() + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
  const std::string page(4096, 'x');
  while (::write(file.get(), page.data(), page.size()) > 0) {
  }
}

void TinyDisk::free_up() {
  ::unlink((path() + "/filler").c_str());
}

FileSizeLimit::FileSizeLimit(std::uint64_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  ::getrlimit(RLIMIT_FSIZE, &before_);
  const rlimit limit{bytes, before_.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

FileSizeLimit::~FileSizeLimit() {
  ::setrlimit(RLIMIT_FSIZE, &before_);
}

Unprivileged::Unprivileged() : before_(::geteuid()) {
  constexpr uid_t nobody = 65534;
  if (before_ == 0)
    is_ok_ = ::seteuid(nobody) == 0;
}

Unprivileged::~Unprivileged() {
  if (before_ == 0 && ::seteuid(before_) != 0)
    ::abort();
}

HolderProcess::HolderProcess(const std::string& directory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return;
  pid_ = ::fork();
  if (pid_ == 0) {
    DirectoryLock lock(directory);
    const Result<bool> taken = lock.try_take(DirectoryLock::Missing::make);
    const char answer = taken && *taken ? 'y' : 'n';
    if (::write(ends[1], &answer, 1) != 1)
      ::_exit(1);
    for (;;)
      ::pause();
  }
  ::close(ends[1]);
  char answer = 'n';
  has_lock_ = ::read(ends[0], &answer, 1) == 1 && answer == 'y';
  ::close(ends[0]);
}

void HolderProcess::kill() {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string key_of(char digit) {
  return std::string(64, digit);
}

Record submitted_record(const std::string& key, const std::string& task_id) {
  Record record;
  record.state = RecordState::submitted;
  record.key = key;
  record.origin = "https://api.example.org";
  record.model = "some/model";
  record.prompt = "waves";
  record.task_id = task_id;
  record.submit_time = 1700000000;
  return record;
}

Record submitting_record(const std::string& key) {
  Record record = submitted_record(key, "");
  record.state = RecordState::submitting;
  return record;
}

std::byte byte_at(std::uint64_t offset) {
  return static_cast<std::byte>((offset * 2654435761u) >> 13);
}

std::string bytes_between(std::uint64_t begin, std::uint64_t end) {
  std::string bytes;
  for (std::uint64_t offset = begin; offset < end; ++offset)
    bytes += static_cast<char>(byte_at(offset));
  return bytes;
}

Status grow(Clip& clip, std::uint64_t size, std::size_t step) {
  while (clip.available() < size) {
    const std::uint64_t offset = clip.available();
    const std::span<std::byte> space = clip.space();
    const std::size_t count = std::min<std::uint64_t>({space.size(), step, size - offset});
    for (std::size_t index = 0; index < count; ++index)
      space[index] = byte_at(offset + index);
    if (Status committed = clip.commit(count); !committed)
      return committed;
  }
  return Done{};
}

bool is_right(const Chunk& chunk, std::uint64_t offset) {
  for (std::size_t index = 0; index < chunk.size; ++index) {
    if (chunk.data[index] != byte_at(offset + index))
      return false;
  }
  return true;
}

std::string text_of(const Chunk& chunk) {
  return {reinterpret_cast<const char*>(chunk.data), chunk.size};
}

std::string sha256_of(const std::string& bytes) {
  return CharPtr(g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                             reinterpret_cast<const guchar*>(bytes.data()),
                                             bytes.size()))
      .get();
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

bool is_there(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) == 0;
}

void set_time(const std::string& path, time_t time) {
  const timespec times[2] = {{time, 0}, {time, 0}};
  EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0) << path;
}

mode_t mode_of(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

void EntryBench::rename(const char* from, const char* to) {
  fs::rename(path_of(from), path_of(to));
}

Record EntryBench::finish(std::uint64_t size, const std::string& task_id) {
  Result<std::shared_ptr<Clip>> part = entry_.open_partial();
  EXPECT_TRUE(part && grow(**part, size));
  const Status completed = entry_.complete(**part, submitted_record(key_, task_id));
  EXPECT_TRUE(completed) << completed.error().debug;
  return *entry_.load()->record;
}

SubmittedEntry::SubmittedEntry() {
  EXPECT_TRUE(*entry_.try_lock());
  EXPECT_TRUE(entry_.save(submitted_record(key_)));
}

}  // namespace modelverse::store::test
