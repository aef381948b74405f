// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the store share: directories that go away, records, bytes that can be told
// apart.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/record.h"
#include "store/clip.h"

namespace modelverse::store::test {

// Runs once, after the next renameat(2) of the module: see entry_test.cpp.
inline std::function<void()> after_next_rename;

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }
  std::string in(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A small file system of its own, where the tests may mount one; else why_not() says why not.
class TinyDisk {
 public:
  explicit TinyDisk(const std::string& options);
  ~TinyDisk();
  const std::string& why_not() const { return why_not_; }
  const std::string& path() const { return directory_.path(); }
  bool make_read_only();
  // Until not one more byte can be written.
  void fill_up();
  void free_up();

 private:
  TemporaryDirectory directory_;
  std::string why_not_;
};

// While it lives, no file of this process grows beyond `bytes`: the write that crosses the limit is
// short, the next one fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes);
  ~FileSizeLimit();

 private:
  rlimit before_ = {};
};

class Umask {
 public:
  explicit Umask(mode_t mask);
  ~Umask();

 private:
  mode_t before_;
};

// While it lives, root is nobody; for others nothing changes.
class Unprivileged {
 public:
  Unprivileged();
  ~Unprivileged();
  bool ok() const { return is_ok_; }

 private:
  uid_t before_;
  bool is_ok_ = true;
};

// A process that holds the lock of `directory` until it is killed.
class HolderProcess {
 public:
  explicit HolderProcess(const std::string& directory);
  ~HolderProcess() { kill(); }
  bool has_lock() const { return has_lock_; }
  // SIGKILL, and waits until it is dead.
  void kill();

 private:
  pid_t pid_ = -1;
  bool has_lock_ = false;
};

std::string key_of(char digit);  // 64 times the same
Record submitted_record(const std::string& key, const std::string& task_id = "task-1");

// The byte that belongs at `offset`: a reader sees any byte that is missing, doubled or misplaced.
std::byte byte_at(std::uint64_t offset);
std::string bytes_between(std::uint64_t begin, std::uint64_t end);
// Appends byte_at() bytes until the clip has `size`; in commits of `step` at most.
Status grow(Clip& clip, std::uint64_t size, std::size_t step = clip_block_size);
bool is_right(const Chunk& chunk, std::uint64_t offset);
std::string text_of(const Chunk& chunk);
std::string sha256_of(const std::string& bytes);

void write_file(const std::string& path, const std::string& bytes);
std::string read_file(const std::string& path);  // empty where there is no file
bool is_there(const std::string& path);          // not following links
mode_t mode_of(const std::string& path);
std::size_t open_descriptors();
std::vector<std::string> names_in(const std::string& directory);  // sorted

}  // namespace modelverse::store::test
