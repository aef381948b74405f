// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the store share: directories that go away, records, bytes that can be told
// apart.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/record.h"
#include "store/clip.h"
#include "store/entry.h"
#include "support/descriptors.h"
#include "support/files.h"
#include "support/scratch_directory.h"

namespace modelverse::store::test {

using test_support::file_content;
using test_support::names_in;
using test_support::open_descriptors;

// Runs once, after the next renameat(2) of the module: see entry_test.cpp.
inline std::function<void()> after_next_rename;

struct TemporaryDirectory : test_support::ScratchDirectory {
  std::string in(const std::string& name) const { return path() + "/" + name; }
};

// A small file system of its own, where the tests may mount one; else why_not() says why not.
class TinyDisk {
 public:
  explicit TinyDisk(const std::string& options);
  ~TinyDisk();
  const std::string& why_not() const { return why_not_; }
  const std::string& path() const { return directory_.path(); }
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
Record submitting_record(const std::string& key);

// The byte that belongs at `offset`: a reader sees any byte that is missing, doubled or misplaced.
std::byte byte_at(std::uint64_t offset);
std::string bytes_between(std::uint64_t begin, std::uint64_t end);
// Appends byte_at() bytes until the clip has `size`; in commits of `step` at most.
Status grow(Clip& clip, std::uint64_t size, std::size_t step = clip_block_size);
bool is_right(const Chunk& chunk, std::uint64_t offset);
std::string text_of(const Chunk& chunk);
std::string sha256_of(const std::string& bytes);

void write_file(const std::string& path, const std::string& bytes);
bool is_there(const std::string& path);  // not following links
void set_time(const std::string& path, time_t time);
mode_t mode_of(const std::string& path);

// An entry in a cache directory of its own.
struct EntryBench : testing::Test {
  std::string path_of(const char* name) const { return directory_ + "/" + name; }
  void rename(const char* from, const char* to);
  // A finished clip of that size; its record.
  Record finish(std::uint64_t size, const std::string& task_id = "task-1");

  TemporaryDirectory cache_;
  const std::string key_ = key_of('a');
  const std::string directory_ = cache_.in(key_);
  Entry entry_{directory_, key_};
};

// The same, locked, with the record of a task.
struct SubmittedEntry : EntryBench {
  SubmittedEntry();
};

}  // namespace modelverse::store::test
