// SPDX-License-Identifier: LGPL-2.1-or-later
// Responses that no HTTP library would send: cut, reset, stalled, shaped, with wrong lengths.
#pragma once

#include <stop_token>

#include "emulator/service.h"

namespace emulator {

// A connection that is ours alone.
struct RawConnection {
  ObjectPtr<GIOStream> stream;
  ObjectPtr<GSocket> socket;
};

// True where libsoup cannot send this response.
bool needs_raw_response(const ResponsePlan& plan);

// One thread for each response; they are stopped and waited for with this object.
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
