// SPDX-License-Identifier: LGPL-2.1-or-later
// A local file that grows from its start while it is downloaded, and is read meanwhile.
//
// One writer, any number of readers. The blocks received last stay in memory (a bounded window), so
// that a reader at the growing edge gets the very memory that was received; older bytes are read
// from the file. The writer announces growth; waiting for it is the caller's business (src/job).
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
#include <vector>

#include "core/result.h"
#include "store/digest.h"
#include "store/io.h"

namespace modelverse::store {

inline constexpr std::size_t clip_block_size = 512 * 1024;  // bytes
inline constexpr std::size_t clip_window_blocks = 4;

// A hundred times what the service makes: whoever sends more wants the disk to be full.
inline constexpr std::uint64_t clip_size_limit = std::uint64_t{4} << 30;  // bytes
// Of a clip for which no disk has room.
inline constexpr std::uint64_t clip_memory_limit = std::uint64_t{512} << 20;  // bytes

// A run of bytes of the clip; `owner` keeps them alive and never changes them again.
struct Chunk {
  std::shared_ptr<const void> owner;
  const std::byte* data = nullptr;
  std::size_t size = 0;
};

class Clip {
 public:
  // Takes over `fd`, open for reading and writing (reading only where nothing is written any more);
  // `available` bytes of it are valid. `path` is for error texts.
  Clip(int fd, std::uint64_t available, std::string path = "the clip's file");
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

  // In a file that has no name: gone with its last descriptor. In `directory` (made if missing,
  // empty: none), else in $TMPDIR or /tmp.
  static Result<std::shared_ptr<Clip>> make_unlinked(const std::string& directory);
  // The same where no disk has room: clips are small enough for the machine's memory. Beyond
  // `limit` bytes it is full.
  static Result<std::shared_ptr<Clip>> make_in_memory(std::uint64_t limit = clip_memory_limit);

  // Writer. space() is where the next bytes go, to the end of the block at most, and blocks end
  // where the file's offset is a multiple of their size: aligned writes are the cheapest. commit()
  // says how many have been put there and writes them to the file. A failed write (disk full) is an
  // error: open_write, `debug` holds strerror; nothing became available, and the same bytes may be
  // committed again.
  std::span<std::byte> space();
  Status commit(std::size_t size);
  // Throws everything away, or all beyond `size`: the download starts again from there. A read()
  // that is under way and reaches beyond it gets the bytes of before or an error.
  Status truncate(std::uint64_t size);
  Status sync();
  // 64 hex digits over the whole file; bytes of an earlier run are read from it. Also for a reader
  // of a clip that is not written any more, one at a time.
  Result<std::string> sha256();

  // Readers, any thread. Lock-free.
  std::uint64_t available() const { return available_.load(std::memory_order_acquire); }
  // From 1 to `max` bytes from `offset` on, as they are at hand (fewer than asked is normal, never
  // more than clip_block_size); `offset` must be below available(), else an error. Without a copy
  // where the window holds them.
  Result<Chunk> read(std::uint64_t offset, std::size_t max) const;
  // Exactly `size` bytes; offset + size must not be beyond available(), else an error.
  Result<Chunk> read_exactly(std::uint64_t offset, std::size_t size) const;

  // Is this the file of that stat()?
  bool is_file(const struct stat& info) const;

 private:
  using Memory = std::shared_ptr<std::byte[]>;
  using Window = std::deque<std::pair<std::uint64_t, Chunk>>;  // offset in the file, ascending

  void publish(std::uint64_t offset, const std::byte* data, std::size_t size);
  std::optional<Chunk> from_window(std::uint64_t offset, std::size_t max) const;
  Result<Chunk> from_file(std::uint64_t offset, std::size_t size, unsigned truncations) const;
  bool is_cut(std::uint64_t end, unsigned truncations) const;
  Error beyond_end(std::uint64_t offset, std::size_t size) const;

  const Fd fd_;
  const std::string path_;
  std::atomic<std::uint64_t> available_;   // written under mutex_
  std::atomic<unsigned> truncations_ = 0;  // cuts_.size(), to be looked at without the lock
  mutable std::mutex mutex_;
  Window window_;                    // guarded by mutex_
  std::vector<std::uint64_t> cuts_;  // the sizes that it was truncated to; guarded by mutex_

  // The writer's own.
  Memory filling_;
  std::size_t filled_ = 0;
  std::uint64_t limit_ = clip_size_limit;
  Digest digest_;
};

}  // namespace modelverse::store
