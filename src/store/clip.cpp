// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/clip.h"

#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "glib/text.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

// Large enough for the disk, small enough that little is left for sync().
constexpr std::uint64_t write_back_step = 4 * 1024 * 1024;  // bytes

}  // namespace

Clip::Clip(Fd fd, std::uint64_t available, std::string path)
    : fd_(std::move(fd)), path_(std::move(path)), available_(available) {}

Result<std::shared_ptr<Clip>> Clip::make_unlinked() {
  const std::string directory = g_get_tmp_dir();
  std::string name = directory + "/modelverse-clip-XXXXXX";
  Fd fd = Fd::adopt(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd || ::unlink(name.c_str()) != 0)
    return io_error(ErrorCode::open_write, "mkostemp", name, errno);
  return std::make_shared<Clip>(std::move(fd), 0,
                                format_text(_("a temporary file in %s"), directory.c_str()));
}

Result<std::shared_ptr<Clip>> Clip::make_in_memory(std::uint64_t limit) {
  const char* const shown = _("a file in memory");
  Fd fd = Fd::adopt(::memfd_create("modelverse-clip", MFD_CLOEXEC));
  if (!fd)
    return io_error(ErrorCode::open_write, "memfd_create", shown, errno);
  auto clip = std::make_shared<Clip>(std::move(fd), 0, shown);
  clip->limit_ = limit;
  return clip;
}

std::span<std::byte> Clip::space() {
  if (!filling_ || filled_ == clip_block_size) {
    filling_ = std::make_shared_for_overwrite<std::byte[]>(clip_block_size);
    filled_ = available() % clip_block_size;
  }
  return {filling_.get() + filled_, clip_block_size - filled_};
}

Status Clip::commit(std::size_t size) {
  if (size == 0)
    return Done{};
  if (!filling_ || size > clip_block_size - filled_)
    return Error{ErrorCode::open_write,
                 format_text(_("Internal error while writing %s."), path_.c_str()),
                 "Clip::commit(" + std::to_string(size) + ") is more than space() returned"};
  const std::uint64_t offset = available();
  const std::byte* data = filling_.get() + filled_;
  if (offset + size > limit_)
    return io_error(ErrorCode::open_write, "limit", path_, ENOSPC);
  if (Status written = write_all(fd_.get(), data, size, offset, path_); !written) {
    // Removes bytes of a partial write, so that the file ends with the clip.
    [[maybe_unused]] const int ignored = ::ftruncate(fd_.get(), static_cast<off_t>(offset));
    return written;
  }
  publish(offset, data, size);
  filled_ += size;
  // Otherwise sha256() reads from the file what is missing.
  if (summed_ == offset)
    add_to_sum(data, size);
  write_back(offset + size);
  return Done{};
}

// Otherwise the kernel leaves all of a clip to sync(), which the clip's last bytes wait for.
void Clip::write_back(std::uint64_t end) {
  if (end < written_back_ + write_back_step)
    return;
  // sync() reports what goes wrong.
  [[maybe_unused]] const int ignored =
      ::sync_file_range(fd_.get(), static_cast<off_t>(written_back_),
                        static_cast<off_t>(end - written_back_), SYNC_FILE_RANGE_WRITE);
  written_back_ = end;
}

void Clip::publish(std::uint64_t offset, const std::byte* data, std::size_t size) {
  Chunk dropped;  // freed after the lock
  const std::lock_guard lock(mutex_);
  if (!window_.empty() && window_.back().second.data + window_.back().second.size == data &&
      window_.back().second.owner == filling_) {
    window_.back().second.size += size;
  } else {
    window_.emplace_back(offset, Chunk{filling_, data, size});
  }
  if (window_.size() > clip_window_blocks) {
    dropped = std::move(window_.front().second);
    window_.pop_front();
  }
  available_.store(offset + size, std::memory_order_release);
}

Status Clip::truncate(std::uint64_t size) {
  if (size > available())
    return beyond_end(size, 0);
  if (summed_ > size) {
    sum_.reset();
    summed_ = 0;
  }
  written_back_ = std::min(written_back_, size);
  const std::lock_guard lock(mutex_);
  available_.store(size, std::memory_order_release);
  while (!window_.empty() && window_.back().first >= size)
    window_.pop_back();
  if (!window_.empty()) {
    auto& [offset, chunk] = window_.back();
    chunk.size = std::min<std::uint64_t>(chunk.size, size - offset);
  }
  if (uninterrupted([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0)
    return io_error(ErrorCode::open_write, "ftruncate", path_, errno);
  return Done{};
}

Status Clip::sync() {
  return sync_file(fd_.get(), path_);
}

void Clip::release_blocks() {
  Window released;  // freed after the lock
  filling_.reset();
  const std::lock_guard lock(mutex_);
  released.swap(window_);
}

void Clip::add_to_sum(const std::byte* data, std::size_t size) {
  sum_.feed({data, size});
  summed_ += size;
}

Result<std::string> Clip::sha256() {
  while (summed_ < available()) {
    const Result<Chunk> chunk = read(summed_, clip_block_size);
    if (!chunk)
      return chunk.error();
    add_to_sum(chunk->data, chunk->size);
  }
  return sum_.hex();
}

Result<Chunk> Clip::read(std::uint64_t offset, std::size_t max) const {
  const std::uint64_t end = available();
  if (offset >= end || max == 0)
    return beyond_end(offset, max);
  if (std::optional<Chunk> chunk = from_window(offset, max))
    return *std::move(chunk);
  return from_file(offset, std::min<std::uint64_t>({max, clip_block_size, end - offset}));
}

Result<Chunk> Clip::read_exactly(std::uint64_t offset, std::size_t size) const {
  const std::uint64_t end = available();
  if (offset > end || size > end - offset)
    return beyond_end(offset, size);
  if (std::optional<Chunk> chunk = from_window(offset, size); chunk && chunk->size == size)
    return *std::move(chunk);
  return from_file(offset, size);
}

std::optional<Chunk> Clip::from_window(std::uint64_t offset, std::size_t max) const {
  const std::lock_guard lock(mutex_);
  // Most reads are at the growing end.
  for (auto block = window_.rbegin(); block != window_.rend(); ++block) {
    const auto& [start, chunk] = *block;
    if (offset < start)
      continue;
    const std::uint64_t skipped = offset - start;
    if (skipped >= chunk.size)
      return {};
    return Chunk{chunk.owner, chunk.data + skipped,
                 std::min<std::size_t>(max, chunk.size - skipped)};
  }
  return {};
}

Result<Chunk> Clip::from_file(std::uint64_t offset, std::size_t size) const {
  const Memory memory(new (std::nothrow) std::byte[size]);
  if (!memory)
    return io_error(ErrorCode::open_read, "new", path_, ENOMEM);
  if (Status read = read_all(fd_.get(), memory.get(), size, offset, path_); !read)
    return std::move(read).error();
  return Chunk{memory, memory.get(), size};
}

Error Clip::beyond_end(std::uint64_t offset, std::size_t size) const {
  return {ErrorCode::open_read,
          format_text(_("Cannot read %s: it is not downloaded yet."), path_.c_str()),
          std::to_string(size) + " bytes at " + std::to_string(offset) + " of " +
              std::to_string(available())};
}

bool Clip::is_file(const struct stat& info) const {
  struct stat own;
  return ::fstat(fd_.get(), &own) == 0 && is_same_file(own, info);
}

}  // namespace modelverse::store
