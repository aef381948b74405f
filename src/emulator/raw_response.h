// SPDX-License-Identifier: LGPL-2.1-or-later
// Answers that no HTTP library would send: cut, reset, stalled, shaped, with wrong lengths.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <thread>

#include "emulator/service.h"

namespace emulator {

// A connection that is ours alone.
struct RawConnection {
  ObjectPtr<GIOStream> stream;
  ObjectPtr<GSocket> socket;
};

// True where libsoup cannot send this delivery.
bool needs_raw_response(const ResponsePlan& plan);

// One thread an answer; they are stopped and joined with this object.
class RawResponses {
 public:
  void send(RawConnection connection, ResponsePlan plan, bool is_head_only);

 private:
  struct Worker {
    std::atomic<bool> is_done = false;
    std::jthread thread;
  };
  std::list<Worker> workers_;
};

}  // namespace emulator
