// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of a clip one reader was given.
#pragma once

#include <cstdint>
#include <map>

#include "job/job_state.h"

namespace modelverse::job {

class Delivery {
 public:
  void note(std::uint64_t offset, std::uint64_t size);
  // Was it all of `clip_size` bytes, the last one among them? Who pulls leaves out what says
  // nothing to him, such as `free` boxes (GStreamer's qtdemux 8 to 16 bytes of the emulator's
  // clips): a 64th of the clip, 64 KiB at most, may be missing.
  bool is_whole(std::uint64_t clip_size) const;

 private:
  std::map<std::uint64_t, std::uint64_t> runs_;  // begin to end, neither touching nor overlapping
  std::uint64_t bytes_ = 0;                      // in all runs
};

// A clip that was delivered and is not wanted any longer: its entry goes, unless it is another
// task's by now, or somebody else works on it.
void remove_delivered(const Kept& kept);

}  // namespace modelverse::job
