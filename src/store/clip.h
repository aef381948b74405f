// SPDX-License-Identifier: LGPL-2.1-or-later
// A local file that is read while it is downloaded.
//
// One writer, any number of readers. The latest blocks stay in memory (a bounded window), so that a
// reader at the growing end gets them without a copy; older bytes are read from the file. Waiting
// for growth is up to the caller (src/job).
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "api/sha256.h"
#include "core/result.h"
#include "glib/file.h"

namespace modelverse::store {

inline constexpr std::size_t clip_block_size = 512 * 1024;  // bytes
inline constexpr std::size_t clip_window_blocks = 4;

// A hundred times the service's usual size: a larger response is faulty or malicious.
inline constexpr std::uint64_t clip_size_limit = std::uint64_t{4} << 30;  // bytes
// Limit for a clip in memory, when no disk has space.
inline constexpr std::uint64_t clip_memory_limit = std::uint64_t{512} << 20;  // bytes

// Consecutive bytes of the clip; `owner` keeps them alive and immutable.
struct Chunk {
  std::shared_ptr<const void> owner;
  const std::byte* data = nullptr;
  std::size_t size = 0;
};

class Clip {
 public:
  // `fd` is open for reading and writing (for reading only if nothing more is written); the first
  // `available` bytes are valid. `path` is for error texts.
  Clip(Fd fd, std::uint64_t available, std::string path);
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

  // In an unnamed file in $TMPDIR or /tmp: removed with its last descriptor.
  static Result<std::shared_ptr<Clip>> make_unlinked();
  // The same in memory, when no disk has space. Writing beyond `limit` bytes fails.
  static Result<std::shared_ptr<Clip>> make_in_memory(std::uint64_t limit = clip_memory_limit);

  // Writer. space() returns the buffer for the next bytes, up to the end of the block. Blocks end
  // at multiples of their size in the file: aligned writes are the cheapest. commit() writes the
  // first `size` bytes of the buffer to the file. After a failed write (open_write, `debug` holds
  // strerror; for example a full disk) no byte becomes available, and the same bytes may be
  // committed again.
  std::span<std::byte> space();
  Status commit(std::size_t size);
  // Discards all bytes from `size` on: no reader may be reading them (JobState::shrink()).
  Status truncate(std::uint64_t size);
  Status sync();
  // Frees the blocks in memory: all bytes are read from the file from now on.
  void release_blocks();
  // 64 hex digits over the whole file; bytes of an earlier run are read from it. Readers of a
  // finished clip may call it too, one at a time.
  Result<std::string> sha256();

  // Readers, any thread. Lock-free.
  std::uint64_t available() const { return available_.load(std::memory_order_acquire); }
  // From 1 to `max` bytes from `offset` on, as available (fewer than requested is normal, never
  // more than clip_block_size); `offset` must be below available(), else an error. Without a copy
  // if the window holds the bytes.
  Result<Chunk> read(std::uint64_t offset, std::size_t max) const;
  // Exactly `size` bytes; offset + size must not exceed available(), else an error.
  Result<Chunk> read_exactly(std::uint64_t offset, std::size_t size) const;

  // True when stat() returned `info` for this file.
  bool is_file(const struct stat& info) const;

 private:
  using Memory = std::shared_ptr<std::byte[]>;
  using Window = std::deque<std::pair<std::uint64_t, Chunk>>;  // offset in the file, ascending

  void write_back(std::uint64_t end);
  void add_to_sum(const std::byte* data, std::size_t size);
  void publish(std::uint64_t offset, const std::byte* data, std::size_t size);
  std::optional<Chunk> from_window(std::uint64_t offset, std::size_t max) const;
  Result<Chunk> from_file(std::uint64_t offset, std::size_t size) const;
  Error beyond_end(std::uint64_t offset, std::size_t size) const;

  const Fd fd_;
  const std::string path_;
  std::atomic<std::uint64_t> available_;  // written under mutex_
  mutable std::mutex mutex_;
  Window window_;  // guarded by mutex_

  // Used by the writer only.
  Memory filling_;
  std::size_t filled_ = 0;
  std::uint64_t limit_ = clip_size_limit;
  std::uint64_t written_back_ = 0;  // the kernel writes the file to the disk up to here
  api::Sha256 sum_;
  std::uint64_t summed_ = 0;  // bytes in it
};

}  // namespace modelverse::store
