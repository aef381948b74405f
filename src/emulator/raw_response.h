// SPDX-License-Identifier: LGPL-2.1-or-later
// Responses that no HTTP library sends: cut, reset, stalled, rate-limited, with wrong lengths.
#pragma once

#include <stop_token>

#include "emulator/service.h"

namespace emulator {

// A connection taken over from libsoup.
struct RawConnection {
  ObjectPtr<GIOStream> stream;
  ObjectPtr<GSocket> socket;
};

// True if libsoup cannot send this response.
bool needs_raw_response(const ResponsePlan& plan);

// One thread per response. The destructor stops them and waits for them.
class RawResponses {
 public:
  RawResponses();
  ~RawResponses();
  RawResponses(const RawResponses&) = delete;
  RawResponses& operator=(const RawResponses&) = delete;

  void send(RawConnection connection, ResponsePlan plan);

 private:
  std::stop_source stop_;
  GThreadPool* threads_;
};

}  // namespace emulator
