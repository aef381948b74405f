// SPDX-License-Identifier: LGPL-2.1-or-later
// Records which bytes of a clip a reader has received.
#pragma once

#include <cstdint>
#include <map>

#include "job/job_state.h"

namespace modelverse::job {

class Delivery {
 public:
  void note(std::uint64_t offset, std::uint64_t size);
  // True when the reader has received all of `clip_size` bytes, including the last byte. In pull
  // mode a demuxer skips boxes without content, such as `free` (GStreamer's qtdemux skips 8 to 16
  // bytes of the emulator's clips): up to 1/64 of the clip, 64 KiB at most, may be missing.
  bool is_whole(std::uint64_t clip_size) const;

 private:
  std::map<std::uint64_t, std::uint64_t> runs_;  // begin to end, neither touching nor overlapping
  std::uint64_t bytes_ = 0;                      // in all runs
};

// Removes the entry of a delivered clip that is not kept (cache-mode=off), unless the entry belongs
// to another task by now or is locked.
void remove_delivered(const CachedClip& cached);

}  // namespace modelverse::job
