// SPDX-License-Identifier: LGPL-2.1-or-later
// The place where the thread that streams the clip waits for the picture that another thread
// brings.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "core/guarded.h"

namespace modelverse {

using SamplePtr = std::shared_ptr<GstSample>;

// And there was no picture, but so many buffers that were none to be shown.
struct StreamEnded {
  unsigned passed_over = 0;
};
struct NothingYet {};  // nor a promise
struct Woken {};
using Arrival = std::variant<SamplePtr, StreamEnded, NothingYet, Woken>;

// Nothing here but wait() waits; all of it may be called from any thread.
class FrameSlot {
 public:
  // The picture. The first one counts, whatever else is called, until empty().
  void put(SamplePtr picture);
  bool has_picture();
  // There is one already that may be it, which the end of the stream will tell.
  void promise();
  // None will come.
  void close(unsigned passed_over);
  // Takes back promise() and close().
  void reopen();
  // The picture has been used, and its bytes go. Another is not waited for.
  void drop();
  void empty();

  // Until there is something, for `longest` at most where nothing is promised.
  Arrival wait(std::chrono::seconds longest);
  // Ends wait() now and until resume().
  void interrupt();
  void resume();

 private:
  struct State {
    SamplePtr picture;
    bool has_been_used = false;  // and is gone
    std::optional<StreamEnded> end;
    bool is_promised = false;
    bool is_interrupted = false;
  };
  Guarded<State> state_;
};

}  // namespace modelverse
