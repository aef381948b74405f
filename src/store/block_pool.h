// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks of memory that are used again: a fresh one costs a page fault for every 4 KiB of it.
#pragma once

#include <cstddef>
#include <memory>

namespace modelverse::store {

// Blocks may outlive their pool, and may come back on any thread.
class BlockPool {
 public:
  using Block = std::shared_ptr<std::byte[]>;

  // Blocks are made `count` at a time, in one piece of memory, and at most so many are kept while
  // nobody uses them. A piece of 2 MiB can be one page of the processor's.
  BlockPool(std::size_t block_size, std::size_t count);
  // Its content is whatever was there. Throws std::bad_alloc.
  Block take() const;
  std::size_t block_size() const { return block_size_; }
  std::size_t spare() const;

 private:
  class Shelf;

  std::size_t block_size_;
  std::shared_ptr<Shelf> shelf_;
};

}  // namespace modelverse::store
