// SPDX-License-Identifier: LGPL-2.1-or-later
// The check that a download is a whole MP4.

#include "fuzz.h"
#include "job/mp4_probe.h"

using namespace modelverse;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(reinterpret_cast<const std::byte*>(data), size);
  const auto layout = job::probe_mp4(file);
  // What is told from the start stays told when more is there.
  const auto head = job::probe_mp4(file.first(size / 2));
  fuzz::require(head == job::Mp4Layout::need_more || head == layout);
  const auto read = [&](std::uint64_t offset, std::size_t count) {
    fuzz::require(offset <= size && count <= size - offset);
    const auto part = file.subspan(static_cast<std::size_t>(offset), count);
    return std::vector<std::byte>(part.begin(), part.end());
  };
  job::missing_mp4_bytes(size, read);
  return 0;
}
