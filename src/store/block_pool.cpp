// SPDX-License-Identifier: LGPL-2.1-or-later
// A shelf of spare blocks, kept alive by every block that may come back to it.
#include "store/block_pool.h"

#include <sys/mman.h>

#include <cstdint>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace modelverse::store {
namespace {

// Of x86-64 and of most ARM64; elsewhere it is an alignment like any other.
constexpr std::size_t huge_page = 2 * 1024 * 1024;  // bytes

// Memory that asks for large pages: a clip passes through it twice, and in a virtual machine each
// look-up of a small page is two. Mapped by itself, since malloc() would keep some of it.
class Piece {
 public:
  explicit Piece(std::size_t size) : mapped_(size + huge_page) {
    start_ = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start_ == MAP_FAILED)
      throw std::bad_alloc();
    const auto address = reinterpret_cast<std::uintptr_t>(start_);
    bytes_ = static_cast<std::byte*>(start_) + (huge_page - address % huge_page) % huge_page;
    // Where the kernel has none to give, or does not want to, small ones do.
    if (size % huge_page == 0)
      ::madvise(bytes_, size, MADV_HUGEPAGE);
  }
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;
  ~Piece() { ::munmap(start_, mapped_); }
  std::byte* bytes() const { return bytes_; }

 private:
  std::size_t mapped_;  // what is never touched takes no memory
  void* start_;
  std::byte* bytes_;
};

}  // namespace

class BlockPool::Shelf {
 public:
  // A block, and what it is a part of.
  struct Memory {
    std::shared_ptr<Piece> piece;
    std::byte* bytes = nullptr;
  };

  Shelf(std::size_t block_size, std::size_t count) : block_size_(block_size), count_(count) {
    spare_.reserve(count);
  }

  Memory take() {
    const std::lock_guard lock(mutex_);
    if (spare_.empty())
      make();
    Memory memory = std::move(spare_.back());
    spare_.pop_back();
    return memory;
  }

  void put_back(Memory memory) {
    const std::lock_guard lock(mutex_);
    if (spare_.size() < count_)
      spare_.push_back(std::move(memory));
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return spare_.size();
  }

 private:
  void make() {
    const auto piece = std::make_shared<Piece>(count_ * block_size_);
    for (std::size_t i = count_; i > 0; --i)
      spare_.push_back({piece, piece->bytes() + (i - 1) * block_size_});
  }

  const std::size_t block_size_;
  const std::size_t count_;
  mutable std::mutex mutex_;
  std::vector<Memory> spare_;  // the one that came back last, and is warm in the cache, on top
};

BlockPool::BlockPool(std::size_t block_size, std::size_t count)
    : block_size_(block_size), shelf_(std::make_shared<Shelf>(block_size, count)) {}

BlockPool::Block BlockPool::take() const {
  Shelf::Memory memory = shelf_->take();
  return Block(memory.bytes, [shelf = shelf_, piece = memory.piece](std::byte* bytes) {
    shelf->put_back({piece, bytes});
  });
}

std::size_t BlockPool::spare() const {
  return shelf_->size();
}

}  // namespace modelverse::store
