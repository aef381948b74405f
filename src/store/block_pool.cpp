// SPDX-License-Identifier: LGPL-2.1-or-later
// A shelf of spare blocks, kept alive by every block that may come back to it.
#include "store/block_pool.h"

#include <mutex>
#include <utility>
#include <vector>

namespace modelverse::store {

class BlockPool::Shelf {
 public:
  using Memory = std::unique_ptr<std::byte[]>;

  explicit Shelf(std::size_t capacity) : capacity_(capacity) { spare_.reserve(capacity); }

  Memory take() {
    const std::lock_guard lock(mutex_);
    if (spare_.empty())
      return nullptr;
    Memory memory = std::move(spare_.back());
    spare_.pop_back();
    return memory;
  }

  void put_back(Memory memory) {
    const std::lock_guard lock(mutex_);
    if (spare_.size() < capacity_)
      spare_.push_back(std::move(memory));
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return spare_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<Memory> spare_;  // the one that came back last, and is warm in the cache, on top
};

BlockPool::BlockPool(std::size_t block_size, std::size_t spare)
    : block_size_(block_size), shelf_(std::make_shared<Shelf>(spare)) {}

BlockPool::Block BlockPool::take() const {
  Shelf::Memory memory = shelf_->take();
  if (!memory)
    memory.reset(new std::byte[block_size_]);  // not make_unique: it would be cleared
  return Block(memory.release(),
               [shelf = shelf_](std::byte* bytes) { shelf->put_back(Shelf::Memory(bytes)); });
}

std::size_t BlockPool::spare() const {
  return shelf_->size();
}

}  // namespace modelverse::store
